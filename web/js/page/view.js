// The view: it shows snapshots of the state in the page's elements.

import { setAttribute, setText } from '../language/elements.js';
import { text as textOf } from '../language/texts.js';
import { LATENCY_MODES } from '../playback/latency-modes.js';
import { headlineOf, sentenceOf } from './status.js';
import * as text from './text.js';

/** @param {(id: string) => HTMLElement} find */
export function makeView(find) {
  const set = (id, value) => setText(find(id), value);
  const attribute = (id, name, value) => setAttribute(find(id), name, value);
  // The view does not move a slider that the listener holds.
  const held = new Set();
  for (const id of ['seek', 'latency-mode']) {
    find(id).addEventListener('pointerdown', () => { held.add(id); });
    for (const type of ['change', 'pointerup', 'pointercancel']) {
      find(id).addEventListener(type, () => { held.delete(id); });
    }
  }
  find('latency-mode').addEventListener('input', ({ target }) => {
    set('latency-mode-label', modeLabel(LATENCY_MODES[target.valueAsNumber].name));
  });

  return function render(state) {
    document.body.dataset.state = state.state;
    document.body.dataset.reason = state.reason;
    document.body.classList.toggle('is-live', state.live && state.state === 'playing');

    set('headline', headlineOf(state));
    set('sentence', sentenceOf(state));
    // The countdown is outside of the live region, so that a screen reader does not read each second.
    const isRetrying = state.retryIn !== null && state.reason === 'unreachable';
    set('countdown', isRetrying ? textOf('common.retry', { seconds: state.retryIn }) : '');
    set('notice', state.notice ?? '');
    find('notice').hidden = state.notice === null;

    set('title', state.nowPlaying?.title ?? '');
    set('artist', state.nowPlaying?.artist ?? '');

    const wantsToPlay = ['playing', 'waiting'].includes(state.state);
    attribute('play', 'aria-label', textOf(wantsToPlay ? 'player.pause' : 'player.play'));
    find('play').disabled = ['locked', 'ended', 'unsupported'].includes(state.state);
    find('token-form').hidden = state.state !== 'locked';
    attribute('token', 'aria-invalid', String(state.reason === 'bad-token'));

    set('behind', text.seconds(state.behindLive));
    set('cushion', text.seconds(state.engine && state.cushion));
    set('bitrate', text.bitrate(state.bitrate));
    set('engine', text.engine(state.engine));
    set('elapsed', text.duration(state.elapsed));

    renderSeek(state);
    renderLatencyMode(state);
    find('live').disabled = state.live && wantsToPlay || state.playlist === null;
    set('live-text', textOf(state.live && wantsToPlay ? 'player.live' : 'player.go-live'));
    find('volume').value = state.muted ? 0 : state.volume;
    attribute('volume', 'aria-valuetext', volumeText(state));
    attribute('mute', 'aria-pressed', String(state.muted));
    document.body.classList.toggle('is-muted', state.muted || state.volume === 0);
    attribute('ring', 'aria-label', ringLabel(state));
  };

  function renderLatencyMode(state) {
    if (held.has('latency-mode')) return;
    const label = modeLabel(state.latencyMode);
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
    attribute('seek', 'aria-valuetext', state.live ? textOf('player.live-value') : text.behind(state.behindEdge));
    const place = (behind) => `${Math.min(100, Math.max(0, 100 - behind / window * 100)).toFixed(1)}%`;
    seek.style.setProperty('--played', place(state.behindEdge));
    seek.style.setProperty('--buffered', place(state.behindEdge - state.cushion));
    set('oldest', textOf('player.ago', { seconds: Math.round(window) }));
  }
}

const ringLabel = ({ playlist, firstSequence, lastSequence, sequence }) => {
  if (playlist === null) return textOf('player.ring-empty');
  // The numbers of segments are names, and so without separators.
  const values = { first: String(firstSequence), last: String(lastSequence), heard: String(sequence) };
  return textOf(sequence === null ? 'player.ring' : 'player.ring-heard', values);
};

const volumeText = ({ muted, volume }) => (muted
  ? textOf('common.muted') : textOf('common.percent', { value: Math.round(volume * 100) }));

const modeLabel = (name) => textOf(`player.mode-${name}`);
