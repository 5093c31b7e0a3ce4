// The words of the on-air light.

import { duration } from '../../../js/page/text.js';

const PROBLEMS = {
  microphone: 'You are off the air, because the microphone did not start.',
  'taken-off': 'A host has taken you off the air.',
  refused: 'The station does not put you on the air: a host has to do that in the room.',
  ended: 'You are off the air, because you are no longer in the room.',
};
/** The station puts a host on the air at once. A longer wait has a reason that the person can look for. */
const LONG_SECONDS = 4;

/**
 * @typedef {object} AirFacts
 * @property {import('./on-air.js').AirPhase} phase
 * @property {boolean} isMuted
 * @property {boolean} isCoughing
 * @property {import('./on-air.js').AirProblem?} problem
 * @property {boolean} hasSound whether the microphone gives sound
 * @property {boolean} isJoined whether the page is in the room
 * @property {number} waitSeconds since the person pressed the button, or since the line broke
 * @property {number?} retrySeconds until the page tries again; null while a try is under way
 */

/** @param {AirFacts} facts @returns {string} the words on the light */
export function lampTitle({ phase, isMuted, isCoughing }) {
  switch (phase) {
    case 'on': return isMuted || isCoughing ? 'Muted' : 'On air';
    case 'broken': return 'Line broken';
    default: return '';
  }
}

/** @param {AirFacts} facts @returns {string} the sentence below the light */
export function airSentence(facts) {
  const { phase, isMuted, problem } = facts;
  switch (phase) {
    case 'on': return isMuted ? 'You are on the air, and muted. Listeners do not hear you.' : 'You are on the air.';
    case 'starting': return startingSentence(facts);
    case 'broken': return brokenSentence(facts);
    case 'stopping': return 'You are leaving the air.';
    default: return problem === null ? 'You are off the air.' : PROBLEMS[problem];
  }
}

function startingSentence({ hasSound, isJoined, waitSeconds }) {
  if (!hasSound) return waitSeconds < LONG_SECONDS ? 'The microphone starts.' : 'Allow the microphone in the browser’s question.';
  if (!isJoined) return 'The station does not answer. Trying again…';
  return waitSeconds < LONG_SECONDS ? 'You are going on the air.' : 'The station has not put you on the air yet.';
}

function brokenSentence({ hasSound, isJoined, retrySeconds }) {
  if (isJoined && !hasSound) return 'The microphone is gone. Connect it again, or choose another one.';
  if (isJoined) return 'The line is back. You are going on the air again.';
  if (retrySeconds === null) return 'The line broke. Connecting again…';
  return `The line broke. You are back on the air in about ${inSeconds(retrySeconds)}.`;
}

const inSeconds = (seconds) => {
  const whole = Math.max(1, Math.ceil(seconds));
  return `${whole} second${whole === 1 ? '' : 's'}`;
};

/** The time on the air. @param {number?} since @param {number} now seconds of one clock */
export const clockText = (since, now) => (since === null ? '' : duration(Math.max(0, now - since)));

/** The title of the window. @param {string} stream @param {import('./on-air.js').AirPhase} phase */
export function windowTitle(stream, phase) {
  const mark = { on: '● On air · ', broken: '○ Line broken · ' }[phase] ?? '';
  return `${mark}${stream} · ringcast studio`;
}
