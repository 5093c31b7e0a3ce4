// Builds the visible page from its parts.

import { connectRingClip } from './clip/ring-clip.js';
import { animate, stillness } from './drawing/animation.js';
import { Meter } from './drawing/meter.js';
import { PEAKS_PER_SECOND, levelsAt } from './drawing/peaks.js';
import { RingPeaks } from './drawing/ring-peaks.js';
import { RingView } from './drawing/ring-view.js';
import { Waveforms } from './drawing/waveforms.js';
import { startLanguage } from './language/page.js';
import { now } from './net/clock.js';
import { connectControls } from './page/controls.js';
import { exposeForDebugging } from './page/debug.js';
import { connectElsewhere } from './page/elsewhere.js';
import { connectMediaSession, logoInHead } from './page/media-session.js';
import { isBesideStation, namesInHead } from './page/names.js';
import { makePlayedBefore } from './page/played-before.js';
import { PlayedTitles } from './page/played-titles.js';
import { stateTable } from './page/state.js';
import { Store } from './page/store.js';
import { needsTokenInLinks, withoutToken, withToken } from './page/stream-urls.js';
import { documentTitle } from './page/text.js';
import { canSetVolume } from './page/volume.js';
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
  // The page does not wait for the texts of another language: the sound of some engines waits for the page.
  startLanguage();
  const names = namesInHead(stream.name);
  showNames(names, stream, find);
  const waveforms = new Waveforms();
  for (const piece of pieces) waveforms.add(piece);
  player.feed.addEventListener('piece', ({ piece }) => waveforms.add(piece));

  const store = new Store(stateTable(player, stream, streamInfo, ticker));
  const ring = new RingView(find('ring'), find('hands'), waveforms);
  const ringPeaks = new RingPeaks(waveforms, stream.ringPeaks);
  showState(store, { player, names, ring, ringPeaks, waveforms, stream, find });
  drawMovingParts({ player, ring, waveforms, ticker, find });

  connectElsewhere(find, stream, streamInfo, names);
  connectRingClip(find('clip'), player, stream, ticker);
  find('token-form').addEventListener('submit', (event) => {
    event.preventDefault();
    location.replace(withToken(location, find('token').value));
  });
  document.body.classList.toggle('no-volume', !canSetVolume());
  connectControls(player, ring, find);
  exposeForDebugging(store);
  showRoom({ player, stream, streamInfo, ticker, find });
  showPictures({ player, stream, streamInfo, ticker, find });
}

/** Shows the names of the stream and of its station. */
function showNames({ stream: title, station, isTitled }, stream, find) {
  find('stream').textContent = title;
  find('stream').classList.toggle('titled', isTitled);
  const home = find('home');
  // The only stream of a station has the name of the station, which is the heading already.
  if (station !== null && station !== title) home.textContent = station;
  // A station with a logo is known by the logo, not by the name of the program.
  else if (logoInHead()) {
    home.textContent = '';
    document.body.classList.add('has-one-name');
  }
  if (isBesideStation(location, stream.name)) {
    home.href = needsTokenInLinks() ? stream.station : withoutToken(new URL(stream.station));
  }
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

/** Shows the pictures of the stream, once the server says that there may be some. The first sound comes before them. */
function showPictures({ player, stream, streamInfo, ticker, find }) {
  let isOpen = false;
  async function look() {
    if (isOpen || streamInfo.latest?.pictures !== true) return;
    isOpen = true;
    await firstSound(player.monitor);
    document.head.append(find('open-pictures').content);
    const { openPictures } = await import('./picture/open-pictures.js');
    openPictures(find('picture'), { player, stream, ticker });
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
function showState(store, { player, names, ring, ringPeaks, waveforms, stream, find }) {
  const render = makeView(find);
  const session = connectMediaSession(player);
  const played = new PlayedTitles(stream.played);
  const showPlayedBefore = makePlayedBefore(find, player, played);
  played.addEventListener('change', showPlayedBefore);
  function show(state) {
    render(state);
    session.show(state.nowPlaying, names);
    showPlayedBefore();
    if (!document.hidden) played.refresh(JSON.stringify(state.nowPlaying));
    document.title = documentTitle(state.nowPlaying, names.stream, names.station);
    const entries = state.playlist?.entries ?? [];
    ring.update(entries, state.recording, state.ringSize);
    if (entries.length) waveforms.keepFrom(entries[0].sequence);
    if (!document.hidden) ringPeaks.update(entries);
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
