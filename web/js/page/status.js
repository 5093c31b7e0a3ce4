// The status: whether the page plays or waits, and the reason, in words.

import { text } from '../language/texts.js';

/**
 * @typedef {object} Status
 * @property {'playing' | 'waiting' | 'paused' | 'blocked' | 'locked' | 'ended' | 'unsupported'} state
 * @property {'live' | 'behind' | 'unreachable' | 'connecting' | 'starting' | 'buffering' | 'no-stream' | 'listener'
 *   | 'slow' | 'autoplay' | 'no-token' | 'bad-token' | 'private' | 'ended' | 'no-engine'} reason
 */

/**
 * @param {object} facts
 * @param {boolean} facts.isSupported whether there is an engine for this browser
 * @param {boolean} facts.isEnded the stream has ended and is heard to its end
 * @param {boolean} facts.isBlocked the browser plays only after a click
 * @param {boolean} facts.wantsToPlay
 * @param {boolean} facts.isSounding the output plays sound
 * @param {boolean} facts.isLive playback keeps to the live edge
 * @param {boolean} facts.hasSegments a playlist with segments has come
 * @param {boolean} [facts.isTooSlow] the connection was measured, and is slower than the stream
 * @param {boolean} facts.hasToken the page's address has a token
 * @param {{phase: string, error?: Error}} facts.loader the loader's status
 * @returns {Status}
 */
export function statusOf({
  isSupported, isEnded, isBlocked, wantsToPlay, isSounding, isLive, hasSegments, isTooSlow = false, hasToken, loader,
}) {
  const failure = loader.phase === 'retrying' ? failureOf(loader.error, hasToken) : null;
  if (!isSupported) return { state: 'unsupported', reason: 'no-engine' };
  if (isEnded) return { state: 'ended', reason: 'ended' };
  if (['no-token', 'bad-token'].includes(failure) && !isSounding) return { state: 'locked', reason: failure };
  if (isBlocked) return { state: 'blocked', reason: 'autoplay' };
  if (!wantsToPlay) return { state: 'paused', reason: failure ?? 'listener' };
  if (isSounding) return { state: 'playing', reason: failure ?? (isTooSlow ? 'slow' : isLive ? 'live' : 'behind') };
  if (failure) return { state: 'waiting', reason: failure };
  if (loader.phase === 'connecting') return { state: 'waiting', reason: 'connecting' };
  if (!hasSegments) return { state: 'waiting', reason: 'starting' };
  return { state: 'waiting', reason: isTooSlow ? 'slow' : 'buffering' };
}

/** The reason that a listener sees for a failed download. */
function failureOf(error, hasToken) {
  if (error?.status === 401) return hasToken ? 'bad-token' : 'no-token';
  if (error?.status === 403) return 'private';
  if (error?.status === 404) return 'no-stream';
  // 503: the server runs, but has no segment yet.
  if (error?.status === 503) return 'starting';
  return 'unreachable';
}

/** The reasons that need no sentence. */
const SILENT = ['live', 'listener'];

/** @param {Status} status */
export const headlineOf = ({ state }) => text(`player.${state}`);

/** @param {Status} status */
export const sentenceOf = ({ reason }) => (SILENT.includes(reason) ? '' : text(`player.reason-${reason}`));
