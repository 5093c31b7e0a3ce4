// Playing or waiting, and why: from what the parts know to a state, and from the state to a sentence.

/**
 * @typedef {object} Status
 * @property {'playing' | 'waiting' | 'paused' | 'blocked' | 'locked' | 'ended' | 'unsupported'} state
 * @property {'live' | 'behind' | 'unreachable' | 'connecting' | 'starting' | 'buffering' | 'no-stream' | 'listener'
 *   | 'autoplay' | 'no-token' | 'bad-token' | 'ended' | 'no-engine'} reason
 */

/**
 * @param {object} facts
 * @param {boolean} facts.isSupported whether there is an engine for this browser
 * @param {boolean} facts.isEnded the stream is over, and played to its end
 * @param {boolean} facts.isBlocked the browser wants a click first
 * @param {boolean} facts.wantsToPlay
 * @param {boolean} facts.isSounding the element plays
 * @param {boolean} facts.isLive playback keeps to the live end
 * @param {boolean} facts.hasSegments a playlist with segments has been seen
 * @param {boolean} facts.hasToken whether the server is shown a token
 * @param {{phase: string, error?: Error}} facts.loader its status
 * @returns {Status}
 */
export function statusOf({
  isSupported, isEnded, isBlocked, wantsToPlay, isSounding, isLive, hasSegments, hasToken, loader,
}) {
  const trouble = loader.phase === 'retrying' ? troubleOf(loader.error, hasToken) : null;
  if (!isSupported) return { state: 'unsupported', reason: 'no-engine' };
  if (isEnded) return { state: 'ended', reason: 'ended' };
  if (['no-token', 'bad-token'].includes(trouble) && !isSounding) return { state: 'locked', reason: trouble };
  if (isBlocked) return { state: 'blocked', reason: 'autoplay' };
  if (!wantsToPlay) return { state: 'paused', reason: trouble ?? 'listener' };
  if (isSounding) return { state: 'playing', reason: trouble ?? (isLive ? 'live' : 'behind') };
  if (trouble) return { state: 'waiting', reason: trouble };
  if (loader.phase === 'connecting') return { state: 'waiting', reason: 'connecting' };
  return { state: 'waiting', reason: hasSegments ? 'buffering' : 'starting' };
}

/** What a failed download means to a listener. */
function troubleOf(error, hasToken) {
  if (error?.status === 401) return hasToken ? 'bad-token' : 'no-token';
  if (error?.status === 404) return 'no-stream';
  // 503: the server is there, the first segment is not.
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
  behind: 'Behind live, where you went.',
  unreachable: 'Server not reachable.',
  connecting: 'Connecting to the server.',
  starting: 'Waiting for the stream to begin.',
  buffering: 'Buffering.',
  'no-stream': 'There is no such stream here.',
  listener: '',
  autoplay: 'Your browser starts sound only when you ask for it.',
  'no-token': 'Ask whoever runs this stream for one.',
  'bad-token': 'That token is not good, or not any more.',
  ended: 'If it begins again, it plays on here by itself.',
  'no-engine': 'It has neither Media Source Extensions for MP3 nor HLS. Another player can open the playlist below.',
};

/** @param {Status} status */
export const headlineOf = ({ state }) => HEADLINES[state];

/** @param {Status} status */
export const sentenceOf = ({ reason }) => SENTENCES[reason];
