// The facts of the programme in words.

import { number } from '../../../js/language/formats.js';
import { locale, text } from '../../../js/language/texts.js';

/** @param {number?} count */
export const listenersText = (count) => (count === null ? '–' : number(count, {}, locale()));

/** The own delay from a `voices` message: from the microphone to the station's mix. @returns {number?} ms */
export const ownDelay = ({ talkers }, you) => talkers.find(({ id }) => id === you)?.delay ?? null;

export const delayText = (ms) => (ms === null ? '–' : text('common.milliseconds', { value: Math.round(ms) }));

/** @param {{phase: string, road: string}} status @param {string?} network as the room sees it */
export function lineText({ phase, road }, network) {
  if (phase !== 'joined') return text('studio.line-broken');
  if (road !== 'socket') return text('studio.line-no-sound');
  return text(`member.network-${network ?? 'good'}`);
}

const UNDER_VOICE = ['duck', 'off'];

/**
 * The music that plays without a voice.
 * @param {{fallback?: string, underVoice?: string}} stream
 * @returns {string} empty where the server does not tell
 */
export function musicSentence({ fallback, underVoice }) {
  if (fallback === undefined) return '';
  if (fallback === 'silence') return text('studio.music-silence');
  return UNDER_VOICE.includes(underVoice ?? 'duck') ? text(`studio.music-${underVoice ?? 'duck'}`) : '';
}

/** @param {string} warning of `Warnings`, or of the desk */
export const warningSentence = (warning) => text(`studio.warn-${warning}`);

/** @param {string} host who asks this person onto the air */
export const requestSentence = (host) => text('studio.request', { name: host });
