// The streams of the studio: which one the page is for.

/**
 * @typedef {object} StudioStream
 * @property {string} name
 * @property {string?} room the room whose sound the stream takes; null where the stream has another source
 * @property {string?} [title] now playing
 * @property {number} [listeners] now
 *
 * @typedef {{place: 'desk', stream: StudioStream} | {place: 'no-room', stream: StudioStream}
 *   | {place: 'choice', streams: StudioStream[]} | {place: 'no-stream'}} Choice
 */

/**
 * @param {StudioStream[]} streams those that the person may go live on, and all others of an operator
 * @param {string?} wanted the name in the page's address
 * @returns {Choice}
 */
export function chosenStream(streams, wanted) {
  const named = streams.find(({ name }) => name === wanted);
  if (named !== undefined) return atStream(named);
  if (wanted !== null || streams.length === 0) return { place: 'no-stream' };
  const live = streams.filter(({ room }) => room !== null);
  if (live.length === 1) return atStream(live[0]);
  return streams.length === 1 ? atStream(streams[0]) : { place: 'choice', streams };
}

const atStream = (stream) => ({ place: stream.room === null ? 'no-room' : 'desk', stream });

/** The flags with which a stream takes the sound of a room. */
export const commandFor = (stream) => `ringcast --rooms --source room:${stream}`;
