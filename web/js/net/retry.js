// When to ask again: for the playlist, and after a failure. Seconds throughout.

/**
 * From the start of the load that has just succeeded to the next one, for who waits for the next segment to be listed
 * (rfc8216bis §6.3.4): "the client MUST wait for at least the duration of the last Segment in the Playlist" after a
 * change, and "one-half the Target Duration" where there was none.
 */
export const reloadDelaySeconds = (changed, lastDurationSeconds, targetDurationSeconds) => (changed ? lastDurationSeconds : targetDurationSeconds / 2);

const FIRST_RETRY_SECONDS = 0.5;
const LAST_RETRY_SECONDS = 5;

/**
 * To wait after the `attempt`-th failure in a row, from 1.
 * @param {number} random 0 … 1: all listeners of a server that comes back must not come back at the same moment
 */
export function retryDelaySeconds(attempt, random) {
  const delaySeconds = Math.min(LAST_RETRY_SECONDS, FIRST_RETRY_SECONDS * 2 ** (attempt - 1));
  return delaySeconds * (0.75 + 0.5 * random);
}
