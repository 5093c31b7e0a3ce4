// Puts the page together.

import { now } from './net/clock.js';
import { animate, stillness } from './drawing/animation.js';
import { connectControls } from './page/controls.js';
import { connectMediaSession } from './page/media-session.js';
import { exposeForDebugging } from './page/debug.js';
import { StreamInfo } from './net/stream-info.js';
import { PEAKS_PER_SECOND, levelsAt } from './drawing/peaks.js';
import { loadPreferences, savePreferences } from './page/preferences.js';
import { makeView } from './page/view.js';
import { Meter } from './drawing/meter.js';
import { Player } from './playback/player.js';
import { RingView } from './drawing/ring-view.js';
import { listenerHeaders } from './net/listener-id.js';
import { stateTable } from './page/state.js';
import { Store } from './page/store.js';
import { streamURLs, withToken, withoutToken } from './page/stream-urls.js';
import { Waveforms } from './drawing/waveforms.js';
import { documentTitle } from './page/text.js';
import { latencyModeIn } from './playback/latency-modes.js';

/** What changes with time alone is refreshed so often, ms; the moving picture has its own pace. */
const TICK_MS = 500;

const find = (id) => document.getElementById(id);
const stream = streamURLs(location);
// A token is not for the history, nor for whoever looks over a shoulder; the server has the browser keep it. In a frame
// nobody sees it, and the browser may keep nothing.
if (stream.hasToken && window.top === window) history.replaceState(null, '', withoutToken(location));
find('token-form').addEventListener('submit', (event) => {
  event.preventDefault();
  location.replace(withToken(location, find('token').value));
});
const audio = find('audio');
const preferences = loadPreferences();
audio.volume = preferences.volume;
audio.muted = preferences.muted;

// On Apple's phones the volume is the phone's own, and stays what it is.
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
// A download that hangs in a network that is gone would take long to find out.
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
  ring.update(entries, state.growing, state.ringSize);
  if (entries.length) waveforms.keepFrom(entries[0].sequence);
}
store.addEventListener('change', ({ snapshot }) => show(snapshot));
show(store.snapshot);

/** Seconds between two pictures: loudness has no more of them, and a page is not to warm the room. */
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
