// A button that acts on its second tap, so that no slip of the finger ends a programme.

/** The second tap counts for this long, seconds. */
const PATIENCE_SECONDS = 4;
/** Two taps of a trembling finger, or a held key, count as one, seconds. */
const BOUNCE_SECONDS = 0.25;

export class TwoTaps {
  /** When the first tap was; null where the next tap is the first. */
  #firstAt = null;

  /** Until when the second tap counts, seconds; null where the next tap is the first. */
  get armedUntil() {
    return this.#firstAt === null ? null : this.#firstAt + PATIENCE_SECONDS;
  }

  /** @param {number} now seconds of a monotonic clock */
  isArmed(now) {
    return this.#firstAt !== null && now < this.armedUntil;
  }

  /** @param {number} now @returns {boolean} whether this tap is the second one */
  tap(now) {
    if (!this.isArmed(now)) {
      this.#firstAt = now;
      return false;
    }
    if (now - this.#firstAt < BOUNCE_SECONDS) return false;
    this.#firstAt = null;
    return true;
  }

  /** Forgets the first tap. */
  calm() {
    this.#firstAt = null;
  }
}
