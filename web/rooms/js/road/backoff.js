// The time between two attempts to reach the server.

const FIRST_SECONDS = 0.5;
const LONGEST_SECONDS = 30;

/**
 * @param {number} attempt the number of failures in a row, from 1
 * @param {number} random 0 to 1. It spreads the pages of a server that comes back over time.
 */
export const reconnectDelaySeconds = (attempt, random) =>
  Math.min(LONGEST_SECONDS, FIRST_SECONDS * 2 ** (attempt - 1)) * (0.5 + random);
