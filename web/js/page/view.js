// The view: it shows snapshots of the state in the page's elements.

import { LATENCY_MODES, latencyModeNamed } from '../playback/latency-modes.js';
import { headlineOf, sentenceOf } from './status.js';
import * as text from './text.js';

/** @param {(id: string) => HTMLElement} find */
export function makeView(find) {
  const set = (id, value) => {
    const element = find(id);
    if (element.textContent !== value) element.textContent = value;
  };
  const attribute = (id, name, value) => {
    const element = find(id);
    if (element.getAttribute(name) !== value) element.setAttribute(name, value);
  };
  // The view does not move a slider that the listener holds.
  const held = new Set();
  for (const id of ['seek', 'latency-mode']) {
    find(id).addEventListener('pointerdown', () => { held.add(id); });
    for (const type of ['change', 'pointerup', 'pointercancel']) {
      find(id).addEventListener(type, () => { held.delete(id); });
    }
  }
  find('latency-mode').addEventListener('input', ({ target }) => {
    set('latency-mode-label', LATENCY_MODES[target.valueAsNumber].label);
  });

  return function render(state) {
    document.body.dataset.state = state.state;
    document.body.dataset.reason = state.reason;
    document.body.classList.toggle('is-live', state.live && state.state === 'playing');

    set('headline', headlineOf(state));
    set('sentence', sentenceOf(state));
    // The countdown is outside of the live region, so that a screen reader does not read each second.
    const isRetrying = state.retryIn !== null && state.reason === 'unreachable';
    set('countdown', isRetrying ? `Trying again in ${state.retryIn} s.` : '');
    set('notice', state.notice ?? '');
    find('notice').hidden = state.notice === null;

    set('title', state.nowPlaying?.title ?? '');
    set('artist', state.nowPlaying?.artist ?? '');

    const wantsToPlay = ['playing', 'waiting'].includes(state.state);
    attribute('play', 'aria-label', wantsToPlay ? 'Pause' : 'Play');
    find('play').disabled = ['locked', 'ended', 'unsupported'].includes(state.state);
    find('token-form').hidden = state.state !== 'locked';
    attribute('token', 'aria-invalid', String(state.reason === 'bad-token'));

    set('behind', text.seconds(state.behindLive));
    set('cushion', text.seconds(state.engine && state.cushion));
    set('bitrate', text.bitrate(state.bitrate));
    set('elapsed', text.duration(state.elapsed));

    renderSeek(state);
    renderLatencyMode(state);
    find('live').disabled = state.live && wantsToPlay || state.playlist === null;
    set('live-text', state.live && wantsToPlay ? 'Live' : 'Go live');
    find('volume').value = state.muted ? 0 : state.volume;
    attribute('volume', 'aria-valuetext', state.muted ? 'muted' : `${Math.round(state.volume * 100)} %`);
    attribute('mute', 'aria-pressed', String(state.muted));
    document.body.classList.toggle('is-muted', state.muted || state.volume === 0);
    attribute('ring', 'aria-label', ringLabel(state));
  };

  function renderLatencyMode(state) {
    if (held.has('latency-mode')) return;
    const { label } = latencyModeNamed(state.latencyMode);
    find('latency-mode').value = LATENCY_MODES.findIndex(({ name }) => name === state.latencyMode);
    attribute('latency-mode', 'aria-valuetext', label);
    set('latency-mode-label', label);
  }

  function renderSeek(state) {
    const seek = find('seek');
    seek.disabled = state.playlist === null || state.engine === null;
    const window = Math.max(1, state.window);
    seek.min = -window;
    if (held.has('seek')) return;
    seek.value = -state.behindEdge;
    attribute('seek', 'aria-valuetext', state.live ? 'live' : text.behind(state.behindEdge));
    const place = (behind) => `${Math.min(100, Math.max(0, 100 - behind / window * 100)).toFixed(1)}%`;
    seek.style.setProperty('--played', place(state.behindEdge));
    seek.style.setProperty('--buffered', place(state.behindEdge - state.cushion));
    set('oldest', `−${Math.round(window)} s`);
  }
}

const ringLabel = ({ playlist, firstSequence, lastSequence, sequence }) => {
  if (playlist === null) return 'The ring of segments: empty so far';
  const heard = sequence === null ? '' : `, playing ${sequence}`;
  return `The ring of segments: ${firstSequence} to ${lastSequence}${heard}`;
};
