// The time until the next request: for the playlist, and after a failure.

/**
 * The time from the start of a load of the playlist to the start of the next one (rfc8216bis §6.3.4). After a change
 * "the client MUST wait for at least the duration of the last Segment in the Playlist". Without a change the client
 * must wait for "one-half the Target Duration".
 */
export const reloadDelaySeconds = (hasChanged, lastDurationSeconds, targetDurationSeconds) =>
  (hasChanged ? lastDurationSeconds : targetDurationSeconds / 2);

const FIRST_RETRY_SECONDS = 0.5;
const LAST_RETRY_SECONDS = 5;

/**
 * The wait after a failure.
 * @param {number} attempt the number of failures in a row, from 1
 * @param {number} random 0 to 1. It spreads the listeners of a server that comes back over time.
 */
export function retryDelaySeconds(attempt, random) {
  const delaySeconds = Math.min(LAST_RETRY_SECONDS, FIRST_RETRY_SECONDS * 2 ** (attempt - 1));
  return delaySeconds * (0.75 + 0.5 * random);
}
