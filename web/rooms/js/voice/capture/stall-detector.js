// The stall detector: finds out that an AudioContext has stood still. Pure.

/** A context that falls behind by this much at once has stood still, ms. */
const LEAST_STALL_MS = 12;

export class StallDetector {
  #behind = null;

  /**
   * @param {number} now ms of a monotonic clock
   * @param {number} time ms of the context's clock at `now`; 0 where the context has not begun
   * @returns {boolean} whether the context has stood still since the last call
   */
  note(now, time) {
    if (time === 0) return false;
    const behind = now - time;
    const hasStood = this.#behind !== null && behind - this.#behind > LEAST_STALL_MS;
    this.#behind = behind;
    return hasStood;
  }
}
