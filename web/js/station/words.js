// The words of the station's page.

import { text } from '../language/texts.js';

/**
 * Whether a stream is on air, in words. The tone chooses a colour; the words alone say everything.
 * @param {import('./station-info.js').StreamCard} card
 * @returns {{text: string, tone: 'on' | 'wait' | 'off'}}
 */
export function airOf({ isOnAir, state }) {
  switch (state) {
    case 'ended': return { text: text('station.ended'), tone: 'off' };
    case 'starting': return { text: text('station.starting'), tone: 'wait' };
    case 'silent': return { text: text('station.silent'), tone: 'wait' };
    case 'fallback': return { text: text('station.fallback'), tone: 'wait' };
    // Silence takes the place of a source that is gone.
    case 'filling': return { text: text('station.filling'), tone: 'off' };
    default: return isOnAir
      ? { text: text('common.on-air'), tone: 'on' } : { text: text('station.off-air'), tone: 'off' };
  }
}

/** The number of listeners in words; an empty text where it is unknown. @param {number?} count */
export const listenersText = (count) => (count === null ? '' : text('common.listeners', { count }));

/** The address of a homepage as people read it. @param {string} url */
export function siteOf(url) {
  const { host, pathname } = new URL(url);
  return host.replace(/^www\./, '') + (pathname === '/' ? '' : pathname);
}

/** A stream counts as heard in these states, for the button of its card. */
export const isPressed = (state) => ['playing', 'waiting', 'locked', 'ended', 'unsupported'].includes(state);

/**
 * One sentence about the stream that the listener chose.
 * @param {{label: string, state: string, reason: string, sentence: string}?} playing null where none is chosen
 */
export function dockSentence(playing) {
  if (playing === null) return text('station.choose');
  const { state, reason, sentence } = playing;
  if (state === 'locked') return text('station.dock-locked');
  if (state === 'ended') return text('station.dock-ended');
  if (state === 'paused' && reason === 'listener') return text('station.dock-paused');
  return sentence || text('station.dock-heard');
}

/** These reasons are over in a moment. A screen reader that read each of them would chatter. */
const PASSING = ['connecting', 'buffering'];

/** Says only the news about the stream that the listener chose. */
export class Announcer {
  #said = null;

  /**
   * @param {Parameters<typeof dockSentence>[0]} playing
   * @returns {string?} null where there is nothing new to say
   */
  next(playing) {
    if (playing !== null && PASSING.includes(playing.reason)) return null;
    const words = playing === null ? text('station.stopped') : `${playing.label}: ${dockSentence(playing)}`;
    if (words === this.#said || playing === null && this.#said === null) return null;
    this.#said = words;
    return words;
  }
}

/**
 * @typedef {object} Song
 * @property {string} stream the name of the stream
 * @property {string?} title
 * @property {string?} artist
 */

/**
 * The song that the dock shows. During a short wait the last song stays: a screen reader would read the song again after each
 * wait.
 * @param {Parameters<typeof dockSentence>[0] & {name: string, nowPlaying: object?}?} playing
 * @param {Song?} last the song before
 * @returns {Song?}
 */
export function songOf(playing, last) {
  if (playing?.state === 'playing') return playing.nowPlaying && { ...playing.nowPlaying, stream: playing.name };
  return playing?.state === 'waiting' && last?.stream === playing.name ? last : null;
}

/** The title of the window. @param {Parameters<typeof dockSentence>[0] & {nowPlaying: object?}?} playing */
export function windowTitle(station, playing) {
  const line = [playing?.nowPlaying?.artist, playing?.nowPlaying?.title].filter(Boolean).join(' – ');
  return [line, playing?.label, station ?? 'ringcast'].filter(Boolean).join(' · ');
}

/**
 * The notice about a station that does not answer.
 * @param {boolean} isKnown whether the page shows an earlier answer
 */
export const failureText = (isKnown) => text(isKnown ? 'station.failure-known' : 'station.failure');
