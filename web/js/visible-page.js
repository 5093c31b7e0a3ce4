// Builds the visible page from its parts.

import { animate, stillness } from './drawing/animation.js';
import { Meter } from './drawing/meter.js';
import { PEAKS_PER_SECOND, levelsAt } from './drawing/peaks.js';
import { RingView } from './drawing/ring-view.js';
import { Waveforms } from './drawing/waveforms.js';
import { now } from './net/clock.js';
import { connectControls } from './page/controls.js';
import { exposeForDebugging } from './page/debug.js';
import { connectMediaSession } from './page/media-session.js';
import { stateTable } from './page/state.js';
import { Store } from './page/store.js';
import { withToken } from './page/stream-urls.js';
import { documentTitle } from './page/text.js';
import { makeView } from './page/view.js';

/** A listener who hears no sound gets the room after this time. */
const SILENT_MS = 3000;

/** The time between two drawings. The waveforms have no finer steps, and a page should use little power. */
const FRAME_SECONDS = 1 / PEAKS_PER_SECOND;

/**
 * @param {object} parts
 * @param {import('./playback/player.js').Player} parts.player
 * @param {ReturnType<import('./page/stream-urls.js').streamURLs>} parts.stream
 * @param {import('./net/stream-info.js').StreamInfo} parts.streamInfo
 * @param {EventTarget} parts.ticker its `tick` events refresh the values that change with time alone
 * @param {import('./mp3/frame-batch.js').Piece[]} parts.pieces the sound that has come already
 * @param {(id: string) => HTMLElement} parts.find
 */
export function buildVisiblePage({ player, stream, streamInfo, ticker, pieces, find }) {
  const waveforms = new Waveforms();
  for (const piece of pieces) waveforms.add(piece);
  player.feed.addEventListener('piece', ({ piece }) => waveforms.add(piece));

  const store = new Store(stateTable(player, stream, streamInfo, ticker));
  const ring = new RingView(find('ring'), find('hands'), waveforms);
  showState(store, { player, stream, ring, waveforms, find });
  drawMovingParts({ player, ring, waveforms, ticker, find });

  find('stream').textContent = stream.name;
  for (const id of ['playlist', 'endless']) {
    find(id).textContent = new URL(stream[id]).pathname;
    find(id).href = stream[id];
  }
  find('token-form').addEventListener('submit', (event) => {
    event.preventDefault();
    location.replace(withToken(location, find('token').value));
  });
  // On Apple's phones a page can't set the volume.
  const probe = document.createElement('audio');
  probe.volume = 0.5;
  document.body.classList.toggle('no-volume', probe.volume !== 0.5);
  connectControls(player, ring, find);
  exposeForDebugging(store);
  showRoom({ player, stream, streamInfo, ticker, find });
}

/** Shows the room of the stream, once the server says that there is one. The first sound comes before the room. */
function showRoom({ player, stream, streamInfo, ticker, find }) {
  const section = find('room');
  async function look() {
    const room = streamInfo.latest?.room;
    if (!room || !section.hidden) return;
    // The place is there at once, so that nothing moves later.
    section.hidden = false;
    document.body.classList.add('has-room');
    await firstSound(player.monitor);
    document.head.append(find('open-room').content);
    const { openRoom } = await import('./room/open-room.js');
    openRoom(section, { player, room, token: stream.token, ticker });
  }
  streamInfo.addEventListener('change', look);
  look();
}

/** Resolves when sound is heard, or after a while without sound. */
const firstSound = (monitor) => new Promise((resolve) => {
  if (monitor.isSounding) resolve();
  monitor.addEventListener('sound', resolve, { once: true });
  setTimeout(resolve, SILENT_MS);
});

/** Shows the page's state, now and after each change. */
function showState(store, { player, stream, ring, waveforms, find }) {
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
}

/** Draws the ring's hands and the meter, from now on. */
function drawMovingParts({ player, ring, waveforms, ticker, find }) {
  const meter = new Meter([find('meter-left'), find('meter-right')]);
  function draw() {
    const playing = player.engine?.playing ?? { sequence: null, offsetSeconds: null };
    const peaks = waveforms.get(playing.sequence);
    const isSounding = document.body.dataset.state === 'playing';
    ring.draw(playing, player.recordedSeconds);
    meter.draw(isSounding && peaks ? levelsAt(peaks, playing.offsetSeconds) : [0, 0], now());
  }
  animate(draw, FRAME_SECONDS);
  ticker.addEventListener('tick', () => { if (stillness.matches) draw(); });
}
