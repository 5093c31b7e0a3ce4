// The sentences of the page about voices. Pure.

/**
 * @typedef {object} TalkState
 * @property {string} road
 * @property {boolean} hasVoices whether this road carries sound, and the server mixes
 * @property {boolean} wantsToListen
 * @property {boolean} waitsForGesture
 * @property {boolean} isTalker whether the role allows to speak
 * @property {boolean} isSpeaking
 * @property {boolean} hasMicrophone
 * @property {boolean} isMutedByHost
 * @property {boolean} isPushToTalk
 * @property {boolean} isOpen
 * @property {number?} heard the delay to the others, ms
 */

const NO_SOUND = {
  events: 'There is no sound here, because this network refuses WebSockets.',
  polling: 'There is no sound here, because this network refuses WebSockets and event streams.',
};

/** What the person hears, and whether the others hear the person. @param {TalkState} state */
export function talkSentence(state) {
  if (!state.hasVoices) return NO_SOUND[state.road] ?? 'There is no sound at the moment.';
  if (state.waitsForGesture) return 'The browser plays the room after a tap.';
  return state.isSpeaking ? speakingSentence(state) : listeningSentence(state);
}

function speakingSentence({ hasMicrophone, isMutedByHost, isPushToTalk, isOpen, heard }) {
  if (!hasMicrophone) return 'Nobody hears you, because no microphone is on.';
  if (isMutedByHost) return 'A host has muted you.';
  if (isOpen) return `The others hear you${heard === null ? '' : `, about ${roundedDelay(heard)} ms late`}.`;
  return isPushToTalk ? 'Hold the space bar to speak.' : 'You are muted.';
}

function listeningSentence({ wantsToListen, isTalker }) {
  if (!wantsToListen) return 'You do not hear the room.';
  return isTalker ? 'You hear the room. Nobody hears you.' : 'You hear the room. Raise your hand to speak.';
}

/** A delay in steps of 10 ms, so that the text rests. */
export const roundedDelay = (ms) => Math.max(10, 10 * Math.round(ms / 10));

/** The delay to the others, before the first word. @param {number?} heard ms */
export const heardSentence = (heard) =>
  (heard === null ? '' : `You will be heard about ${roundedDelay(heard)} ms late.`);

/** @param {string} name of the host */
export const airQuestion = (name) => `${name} wants to put you on the air.`;

export const ECHO_ADVICE =
  'The others hear themselves through your microphone. Headphones help, or a lower volume of the loudspeaker.';
export const HOST_ECHO_ADVICE = (name) => `The microphone of ${name} repeats the room. Headphones would help.`;

/** What has changed for a person, as a sentence for a screen reader; '' where nothing of that has. */
export function changeSentence(before, now) {
  if (before.isOnAir !== now.isOnAir) return now.isOnAir ? 'You are on the air.' : 'You are off the air.';
  if (before.isMutedByHost !== now.isMutedByHost) {
    return now.isMutedByHost ? 'A host has muted you.' : 'You may speak again. You are muted until you unmute yourself.';
  }
  return '';
}
