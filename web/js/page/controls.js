// The controls: they turn clicks and keys into requests to the player.

import { LATENCY_MODES } from '../playback/latency-modes.js';
import { roundedVolume } from './volume.js';

const SEEK_STEP_SECONDS = 5;
const VOLUME_STEP = 0.05;

/**
 * @param {import('../playback/player.js').Player} player
 * @param {import('../drawing/ring-view.js').RingView} ring
 * @param {(id: string) => HTMLElement} find
 */
export function connectControls(player, ring, find) {
  const { element } = player;
  const setVolume = (volume) => {
    element.volume = roundedVolume(volume);
    element.muted = false;
  };
  const actions = {
    toggle: () => player.toggle(),
    mute: () => { element.muted = !element.muted; },
    live: () => player.goLive(),
    back: () => player.goTo(player.behindEdgeSeconds + SEEK_STEP_SECONDS),
    forth: () => player.goTo(player.behindEdgeSeconds - SEEK_STEP_SECONDS),
    oldest: () => player.goTo(player.windowSeconds),
    louder: () => setVolume(element.volume + VOLUME_STEP),
    softer: () => setVolume(element.volume - VOLUME_STEP),
  };

  find('play').addEventListener('click', actions.toggle);
  find('mute').addEventListener('click', actions.mute);
  find('live').addEventListener('click', actions.live);
  find('volume').addEventListener('input', (event) => setVolume(event.target.valueAsNumber));
  find('seek').addEventListener('change', (event) => player.goTo(-event.target.valueAsNumber));
  // The event `input` would also report the modes that the slider only passes.
  find('latency-mode').addEventListener('change', (event) => {
    player.setLatencyMode(LATENCY_MODES[event.target.valueAsNumber]);
  });
  ring.addEventListener('seek', ({ sequence, fraction }) => player.goToSegment(sequence, fraction));

  document.addEventListener('keydown', (event) => {
    // The room beside the player has keys of its own.
    if (event.altKey || event.ctrlKey || event.metaKey || find('room').contains(event.target)) return;
    const action = actions[actionOf(event.key, event.target)];
    if (!action) return;
    event.preventDefault();
    action();
  });
}

/**
 * The action of a key. A focused control keeps its own keys.
 * @param {string} key
 * @param {{tagName: string, id: string, type?: string}} target the element that has the focus
 * @returns {string | undefined} undefined where the key has no action
 */
export function actionOf(key, target) {
  if (target.id === 'token' || ['SELECT', 'TEXTAREA'].includes(target.tagName)) return undefined;
  const isPressable = ['BUTTON', 'A', 'SUMMARY'].includes(target.tagName);
  // The marks of a clip, too.
  const hasOwnArrows = ['volume', 'latency-mode'].includes(target.id) || (target.type === 'range' && target.id !== 'seek');
  switch (key) {
    case ' ': return isPressable ? undefined : 'toggle';
    case 'k': case 'K': return 'toggle';
    case 'm': case 'M': return 'mute';
    case 'l': case 'L': return 'live';
    case 'End': return hasOwnArrows ? undefined : 'live';
    case 'Home': return hasOwnArrows ? undefined : 'oldest';
    case 'ArrowLeft': case 'PageDown': return hasOwnArrows ? undefined : 'back';
    case 'ArrowRight': case 'PageUp': return hasOwnArrows ? undefined : 'forth';
    case 'ArrowUp': return hasOwnArrows ? undefined : 'louder';
    case 'ArrowDown': return hasOwnArrows ? undefined : 'softer';
    default: return undefined;
  }
}
