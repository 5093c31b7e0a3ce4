// The words of the on-air light.

import { text } from '../../../js/language/texts.js';
import { duration } from '../../../js/page/text.js';

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
    case 'on': return text(isMuted || isCoughing ? 'studio.muted' : 'common.on-air');
    case 'broken': return text('studio.broken');
    default: return '';
  }
}

/** @param {AirFacts} facts @returns {string} the sentence below the light */
export function airSentence(facts) {
  const { phase, isMuted, problem } = facts;
  switch (phase) {
    case 'on': return text(isMuted ? 'studio.air-muted' : 'studio.air');
    case 'starting': return startingSentence(facts);
    case 'broken': return brokenSentence(facts);
    case 'stopping': return text('studio.stopping');
    default: return text(problem === null ? 'studio.off' : `studio.problem-${problem}`);
  }
}

function startingSentence({ hasSound, isJoined, waitSeconds }) {
  if (!hasSound) return text(waitSeconds < LONG_SECONDS ? 'studio.starts' : 'studio.allow');
  if (!isJoined) return text('studio.no-answer');
  return text(waitSeconds < LONG_SECONDS ? 'studio.going' : 'studio.not-yet');
}

function brokenSentence({ hasSound, isJoined, retrySeconds }) {
  if (isJoined && !hasSound) return text('studio.gone');
  if (isJoined) return text('studio.back');
  if (retrySeconds === null) return text('studio.broke');
  return text('studio.broke-in', { count: Math.max(1, Math.ceil(retrySeconds)) });
}

/** The time on the air. @param {number?} since @param {number} now seconds of one clock */
export const clockText = (since, now) => (since === null ? '' : duration(Math.max(0, now - since)));

/** The title of the window. @param {string} stream @param {import('./on-air.js').AirPhase} phase */
export const windowTitle = (stream, phase) =>
  text(`studio.title-${['on', 'broken'].includes(phase) ? phase : 'off'}`, { stream });
