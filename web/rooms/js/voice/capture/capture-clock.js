// The capture clock: finds when each block of sound was captured, by the page's monotonic clock. Pure.

/** The estimate may grow by this much a second, so that it follows a microphone whose clock is slow. */
const RELEASE_MS_PER_SECOND = 1;

/**
 * Blocks come with a time of the microphone's own clock, and arrive late by chance, but never early. So the least
 * difference of both clocks is the true one.
 */
export class CaptureClock {
  #offset = Infinity;
  #at = 0;

  /** The microphone's clock has stood still: the difference is another one. */
  forget() {
    this.#offset = Infinity;
  }

  /**
   * @param {number} time of the end of the block, ms of the microphone's clock
   * @param {number} now ms of the page's monotonic clock
   * @returns {number} the time of the end of the block, ms of the page's monotonic clock
   */
  pageTime(time, now) {
    const released = this.#offset + RELEASE_MS_PER_SECOND * (now - this.#at) / 1000;
    this.#offset = Math.min(now - time, released);
    this.#at = now;
    return time + this.#offset;
  }
}
