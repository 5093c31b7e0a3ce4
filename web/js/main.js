// Builds the page from its parts.

import { animate, stillness } from './drawing/animation.js';
import { Meter } from './drawing/meter.js';
import { PEAKS_PER_SECOND, levelsAt } from './drawing/peaks.js';
import { RingView } from './drawing/ring-view.js';
import { Waveforms } from './drawing/waveforms.js';
import { now } from './net/clock.js';
import { listenerHeaders } from './net/listener-id.js';
import { StreamInfo } from './net/stream-info.js';
import { connectControls } from './page/controls.js';
import { exposeForDebugging } from './page/debug.js';
import { connectMediaSession } from './page/media-session.js';
import { loadPreferences, savePreferences } from './page/preferences.js';
import { stateTable } from './page/state.js';
import { Store } from './page/store.js';
import { streamURLs, withToken, withoutToken } from './page/stream-urls.js';
import { documentTitle } from './page/text.js';
import { makeView } from './page/view.js';
import { latencyModeIn } from './playback/latency-modes.js';
import { Player } from './playback/player.js';

/** The interval at which the page refreshes values that change with time alone. The drawing has its own interval. */
const TICK_MS = 500;

const find = (id) => document.getElementById(id);
const stream = streamURLs(location);
// The token leaves the address, so that neither the history nor a bystander learns it. The server has the browser keep
// the token in a cookie. In a frame the token stays, because nobody sees the address and the browser may refuse the
// cookie.
if (stream.hasToken && window.top === window) history.replaceState(null, '', withoutToken(location));
find('token-form').addEventListener('submit', (event) => {
  event.preventDefault();
  location.replace(withToken(location, find('token').value));
});
const audio = find('audio');
const preferences = loadPreferences();
audio.volume = preferences.volume;
audio.muted = preferences.muted;

// On Apple's phones a page can't set the volume.
const probe = document.createElement('audio');
probe.volume = 0.5;
document.body.classList.toggle('no-volume', probe.volume !== 0.5);

const streamInfo = new StreamInfo(stream.info, () => listenerHeaders(player.isListening));
const query = new URLSearchParams(location.search);
const player = new Player(audio, stream, streamInfo, {
  engine: query.get('engine'),
  latencyMode: latencyModeIn(location) ?? preferences.latencyMode,
});
const waveforms = new Waveforms();
player.feed.addEventListener('piece', ({ piece }) => waveforms.add(piece));

const save = () => savePreferences({ volume: audio.volume, muted: audio.muted, latencyMode: player.latencyMode });
audio.addEventListener('volumechange', save);
player.addEventListener('latencymode', save);

const ticker = new EventTarget();
setInterval(() => {
  player.check();
  ticker.dispatchEvent(new Event('tick'));
}, TICK_MS);
document.addEventListener('visibilitychange', () => player.wake());
window.addEventListener('online', () => player.reconnect());

const store = new Store(stateTable(player, stream, streamInfo, ticker));
exposeForDebugging(store);

const ring = new RingView(find('ring'), find('hands'), waveforms);
const meter = new Meter([find('meter-left'), find('meter-right')]);
const render = makeView(find);
const tellSession = connectMediaSession(player, stream.name);
function show(state) {
  render(state);
  tellSession(state.nowPlaying);
  document.title = documentTitle(state.nowPlaying, stream.name);
  const entries = state.playlist?.entries ?? [];
  ring.update(entries, state.recording, state.ringSize);
  if (entries.length) waveforms.keepFrom(entries[0].sequence);
}
store.addEventListener('change', ({ snapshot }) => show(snapshot));
show(store.snapshot);

/** The time between two drawings. The waveforms have no finer steps, and a page should use little power. */
const FRAME_SECONDS = 1 / PEAKS_PER_SECOND;

function draw() {
  const playing = player.engine?.playing ?? { sequence: null, offsetSeconds: null };
  const peaks = waveforms.get(playing.sequence);
  const isSounding = document.body.dataset.state === 'playing';
  ring.draw(playing, player.recordedSeconds);
  meter.draw(isSounding && peaks ? levelsAt(peaks, playing.offsetSeconds) : [0, 0], now());
}
animate(draw, FRAME_SECONDS);
ticker.addEventListener('tick', () => { if (stillness.matches) draw(); });

find('stream').textContent = stream.name;
for (const id of ['playlist', 'endless']) {
  find(id).textContent = new URL(stream[id]).pathname;
  find(id).href = stream[id];
}
connectControls(player, ring, find);
streamInfo.refresh();
player.start();
