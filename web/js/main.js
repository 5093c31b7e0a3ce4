// Starts the sound, then shows the page. The sound needs only these modules. The modules of the visible page come after
// the first sound.

import { listenerHeaders } from './net/listener-id.js';
import { StreamInfo } from './net/stream-info.js';
import { loadPreferences, savePreferences } from './page/preferences.js';
import { namedInHead, streamURLs, withoutToken } from './page/stream-urls.js';
import { latencyModeIn } from './playback/latency-modes.js';
import { Player } from './playback/player.js';

/** The interval at which the player does what is due. */
const TICK_MS = 500;
/** The page is shown after this time, even where no sound has come. */
const SHOW_MS = 1000;
/** The sound waits no longer for the first drawing. A hidden page is never drawn. */
const DRAWN_MS = 150;

const find = (id) => document.getElementById(id);
const stream = streamURLs(location, namedInHead());
// The token leaves the address, so that neither the history nor a bystander learns it. The server has the browser keep
// the token in a cookie. In a frame the token stays, because nobody sees the address and the browser may refuse the
// cookie.
if (stream.hasToken && window.top === window) history.replaceState(null, '', withoutToken(location));
const audio = find('audio');
const preferences = loadPreferences();
audio.volume = preferences.volume;
audio.muted = preferences.muted;

const streamInfo = new StreamInfo(stream.info, () => listenerHeaders(player.isListening));
const query = new URLSearchParams(location.search);
const player = new Player(audio, stream, streamInfo, {
  engine: query.get('engine'),
  latencyMode: latencyModeIn(location) ?? preferences.latencyMode,
});

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

/** The sound that comes before the visible page. */
const pieces = [];
const keepPiece = ({ piece }) => pieces.push(piece);
player.feed.addEventListener('piece', keepPiece);

let shown = null;
const showPage = () => shown ??= buildPage();

async function buildPage() {
  // The browser fetches these modules at once, not level by level.
  document.head.append(find('visible-page').content);
  const { buildVisiblePage } = await import('./visible-page.js');
  player.feed.removeEventListener('piece', keepPiece);
  buildVisiblePage({ player, stream, streamInfo, ticker, pieces, find });
}

/** Resolves when the page has been drawn. */
async function drawn() {
  for (let i = 0; i < 2; i++) await new Promise(requestAnimationFrame);
}

player.monitor.addEventListener('sound', showPage);
// A listener who hears nothing soon learns why.
player.addEventListener('change', () => {
  if (player.isBlocked || player.loaderStatus.phase === 'retrying') showPage();
});
setTimeout(showPage, SHOW_MS);

streamInfo.refresh();
if (player.Engine.isDisturbedByPage) {
  await showPage();
  await Promise.race([drawn(), new Promise((resolve) => setTimeout(resolve, DRAWN_MS))]);
}
player.start();
