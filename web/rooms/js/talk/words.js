// The sentences of the page about voices. Pure.

import { text } from '../../../js/language/texts.js';

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

const NO_SOUND = { events: 'voice.no-sound-events', polling: 'voice.no-sound-polling' };

/** What the person hears, and whether the others hear the person. @param {TalkState} state */
export function talkSentence(state) {
  if (!state.hasVoices) return text(NO_SOUND[state.road] ?? 'voice.no-sound');
  if (state.waitsForGesture) return text('voice.gesture');
  return state.isSpeaking ? speakingSentence(state) : listeningSentence(state);
}

function speakingSentence({ hasMicrophone, isMutedByHost, isPushToTalk, isOpen, heard }) {
  if (!hasMicrophone) return text('voice.unheard');
  if (isMutedByHost) return text('voice.muted-by-host');
  if (isOpen) return heard === null ? text('voice.heard') : text('voice.heard-late', { delay: roundedDelay(heard) });
  return text(isPushToTalk ? 'voice.hold-space' : 'voice.muted');
}

function listeningSentence({ wantsToListen, isTalker }) {
  if (!wantsToListen) return text('voice.not-listening');
  return text(isTalker ? 'voice.listening-talker' : 'voice.listening');
}

/** A delay in steps of 10 ms, so that the text rests. */
export const roundedDelay = (ms) => Math.max(10, 10 * Math.round(ms / 10));

/** The delay to the others, before the first word. @param {number?} heard ms */
export const heardSentence = (heard) =>
  (heard === null ? '' : text('voice.will-be-heard', { delay: roundedDelay(heard) }));

/** @param {string} name of the host */
export const airQuestion = (name) => text('voice.air-question', { name });

export const echoAdvice = () => text('voice.echo');
/** @param {string} name of the member whose microphone repeats the room */
export const hostEchoAdvice = (name) => text('voice.echo-host', { name });

/** What has changed for a person, as a sentence for a screen reader; '' where nothing of that has. */
export function changeSentence(before, now) {
  if (before.isOnAir !== now.isOnAir) return text(now.isOnAir ? 'voice.now-on-air' : 'voice.now-off-air');
  if (before.isMutedByHost !== now.isMutedByHost) {
    return text(now.isMutedByHost ? 'voice.muted-by-host' : 'voice.may-speak');
  }
  return '';
}
