// Builds the station's page from its parts.

import { startLanguage } from '../language/page.js';
import { languageChanges } from '../language/texts.js';
import { now } from '../net/clock.js';
import { loadPreferences, savePreferences } from '../page/preferences.js';
import { needsTokenInLinks, withoutToken } from '../page/stream-urls.js';
import { canSetVolume, roundedVolume } from '../page/volume.js';
import { latencyModeIn } from '../playback/latency-modes.js';
import { StationPlayer } from './station-player.js';
import { StationPoller } from './station-poller.js';
import { StationView } from './station-view.js';
import { isPressed } from './words.js';

const COUNTDOWN_MS = 1000;

const find = (id) => document.getElementById(id);
/** The page's address, perhaps with a token. The token goes when the station has answered. */
const address = new URL(location.href);
// See main.js of the player: the token leaves the address, except in a frame.
if (address.searchParams.has('token') && window.top === window) history.replaceState(null, '', withoutToken(location));

/** The first answer and the texts come at the same time. */
const language = startLanguage();

/** An address beside the page, with the token of the page. */
function beside(path) {
  const url = new URL(path, address);
  const token = address.searchParams.get('token');
  if (token !== null) url.searchParams.set('token', token);
  return url.href;
}

const audio = find('audio');
const preferences = loadPreferences();
const latencyMode = latencyModeIn(address) ?? preferences.latencyMode;
audio.volume = preferences.volume;
audio.muted = preferences.muted;
const player = new StationPlayer(audio, address, latencyMode);
const poller = new StationPoller(() => beside('station.json'), language);
const view = new StationView(find, (name) => beside(name));
/** The station as the last answer describes it; null before the first. */
let station = null;

/** Stops the stream, or plays on after a pause that the page did not ask for. */
function toggle() {
  const { playing } = player;
  if (playing !== null && !isPressed(playing.state)) player.resume();
  else player.stop();
}

/** Does something that may disable or remove the button with the focus. Then the button of a stream gets the focus. */
function keepingFocus(act) {
  const focused = document.activeElement;
  const [isShown, chosen] = [focused?.matches('button:focus-visible, a:focus-visible'), player.playing?.name];
  act();
  if (isShown && (focused.disabled || !focused.isConnected)) view.focusButton(chosen);
}

function showPlaying() {
  view.showPlaying(player.playing);
  player.showOnLockScreen(station?.name ?? null);
}

languageChanges.addEventListener('change', () => {
  if (station !== null) view.showStation(station, player.playing);
  else showPlaying();
  showVolume();
});
player.addEventListener('change', showPlaying);
view.addEventListener('press', ({ card }) => {
  if (player.playing?.name === card.name) toggle();
  else player.start(card);
});
// The button is disabled while nothing plays, and a disabled button has no focus.
find('stop').addEventListener('click', () => keepingFocus(toggle));

poller.addEventListener('station', (event) => {
  ({ station } = event);
  // The browser keeps the token in cookies now. A token of one stream would take the place of the others' cookies.
  if (!needsTokenInLinks()) address.searchParams.delete('token');
  const chosen = player.playing?.name;
  const card = station.streams.find(({ name }) => name === chosen);
  if (card) player.rename(card.label);
  keepingFocus(() => {
    view.showStation(station, player.playing);
    // The station no longer has the stream.
    if (chosen !== undefined && !card) player.stop();
  });
});
let countdown;
poller.addEventListener('answer', () => {
  clearInterval(countdown);
  view.hideFailure();
});
poller.addEventListener('failure', ({ retryAt }) => {
  clearInterval(countdown);
  const show = () => view.showFailure(retryAt - now());
  countdown = setInterval(show, COUNTDOWN_MS);
  show();
});
document.addEventListener('visibilitychange', () => (document.hidden ? poller.pause() : poller.resume()));
window.addEventListener('online', () => { if (!document.hidden) poller.resume(); });

function showVolume() {
  view.showVolume(audio.volume, audio.muted);
}
audio.addEventListener('volumechange', () => {
  showVolume();
  savePreferences({ ...loadPreferences(), volume: audio.volume, muted: audio.muted });
});
find('volume').addEventListener('input', ({ target }) => {
  audio.volume = roundedVolume(target.valueAsNumber);
  audio.muted = false;
});
find('mute').addEventListener('click', () => { audio.muted = !audio.muted; });
document.addEventListener('keydown', (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.repeat || event.target.tagName === 'SELECT') return;
  const key = event.key.toLowerCase();
  if (key === 'k' && player.playing !== null) keepingFocus(toggle);
  if (key === 'm') audio.muted = !audio.muted;
});

document.body.classList.toggle('no-volume', !canSetVolume());
showVolume();
// window.ringcast: the page's state, for tests and for curious people.
window.ringcast = { snapshot: () => ({ station, playing: player.playing }) };
if (document.hidden) poller.pause();
poller.run();
