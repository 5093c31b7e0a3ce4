// When to ask again: for the playlist, and after a failure. Seconds throughout.

/**
 * From the start of the load that has just succeeded to the next one, for who waits for the next segment to be listed
 * (rfc8216bis §6.3.4): "the client MUST wait for at least the duration of the last Segment in the Playlist" after a
 * change, and "one-half the Target Duration" where there was none.
 */
export const reloadDelay = (changed, lastDuration, targetDuration) => (changed ? lastDuration : targetDuration / 2);

const FIRST_RETRY = 0.5;
const LAST_RETRY = 5;

/**
 * To wait after the `attempt`-th failure in a row, from 1.
 * @param {number} random 0 … 1: all listeners of a server that comes back must not come back at the same moment
 */
export function retryDelay(attempt, random) {
  const delay = Math.min(LAST_RETRY, FIRST_RETRY * 2 ** (attempt - 1));
  return delay * (0.75 + 0.5 * random);
}
