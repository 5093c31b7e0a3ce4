// How far behind live the listener is, as the page may say it. The value is the server's time less a date, and while a
// clock is being set the two are of different clocks.

/** No clock that is right is further off: sound does not come from the future. */
const FUTURE_SECONDS = 1;
/** The places of the playhead and of the live edge are known this well. */
const SLACK_SECONDS = 5;

/**
 * @param {number?} seconds behind live by the clocks; null where unknown
 * @param {object} facts
 * @param {number} facts.edgeSeconds from the playhead to the live edge, by the length of the sound between them
 * @param {number} facts.windowSeconds how far back the listener can go
 * @param {number} facts.openSeconds since the page was opened
 * @param {boolean} facts.isSounding whether sound plays, so that the live edge is known
 * @returns {number?} null where the value can't be right
 */
export function credibleBehindLive(seconds, { edgeSeconds, windowSeconds, openSeconds, isSounding }) {
  if (seconds === null || seconds < -FUTURE_SECONDS) return null;
  // The oldest sound was at the beginning of the ring when the page was opened, and the listener may have paused since.
  if (seconds > openSeconds + windowSeconds + SLACK_SECONDS) return null;
  // A jump within the ring may show in one of the two before the other.
  return isSounding && Math.abs(seconds - edgeSeconds) > windowSeconds + SLACK_SECONDS ? null : seconds;
}
