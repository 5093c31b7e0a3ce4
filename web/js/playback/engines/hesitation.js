// The hesitation of a media element's clock: some time after its start the clock stands still once.

/**
 * The clock of Chromium starts before the first sound has passed the browser's output, and corrects that a fifth of a
 * second later. Until then the playhead is ahead of the place that is heard. This class tells by how much. Pure. All
 * times are seconds.
 *
 * Example: the clock is expected to stand still for 0.08 s. While it has stood still for 0.02 s, 0.06 s are left.
 */
export class Hesitation {
  #expectedSeconds;
  #runningSeconds;
  #endSeconds;
  /** By how much the clock was behind at least. */
  #leastLag = Infinity;

  /**
   * @param {number} expectedSeconds for which the clock stands still; 0 for a clock that never does
   * @param {number} runningSeconds a clock that shows less does not run yet
   * @param {number} endSeconds a clock that shows more stands still no more
   */
  constructor(expectedSeconds, runningSeconds, endSeconds) {
    this.#expectedSeconds = expectedSeconds;
    this.#runningSeconds = runningSeconds;
    this.#endSeconds = endSeconds;
  }

  /**
   * @param {number} time the reading of the clock
   * @param {number} now the time of the reading, by a monotonic clock
   * @returns {number} for how long the clock will still stand still
   */
  left(time, now) {
    if (time < this.#runningSeconds) return this.#expectedSeconds;
    if (time > this.#endSeconds) return 0;
    const lag = now - time;
    this.#leastLag = Math.min(this.#leastLag, lag);
    return Math.max(0, this.#expectedSeconds - (lag - this.#leastLag));
  }
}
