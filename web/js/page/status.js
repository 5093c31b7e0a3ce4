// The status: whether the page plays or waits, and the reason, in words.

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

const HEADLINES = {
  playing: 'On air',
  waiting: 'One moment',
  paused: 'Paused',
  blocked: 'Press play',
  locked: 'A token is needed',
  ended: 'The stream has ended',
  unsupported: 'This browser can’t play the stream',
};

const SENTENCES = {
  live: '',
  behind: 'Behind live, at the place you chose.',
  unreachable: 'The server is not reachable.',
  private: 'The stream is private: the server does not answer under this name.',
  connecting: 'Connecting to the server.',
  starting: 'The stream has not begun yet.',
  buffering: 'Buffering.',
  slow: 'Your connection is too slow for this stream.',
  'no-stream': 'This server has no stream of that name.',
  listener: '',
  autoplay: 'Your browser plays sound only after you ask for it.',
  'no-token': 'The operator of this stream can give you one.',
  'bad-token': 'This token is not valid, or is no longer valid.',
  ended: 'If the stream begins again, this page will play it.',
  'no-engine': 'It supports neither Media Source Extensions for MP3 nor HLS. Another player can open the URLs below.',
};

/** @param {Status} status */
export const headlineOf = ({ state }) => HEADLINES[state];

/** @param {Status} status */
export const sentenceOf = ({ reason }) => SENTENCES[reason];
