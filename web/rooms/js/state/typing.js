// When to tell the others that this member is typing.

/** The others are told again after this time, in case the server forgets. */
const REPEAT_SECONDS = 4;
/** After this time without a key, the member has stopped. */
const IDLE_SECONDS = 6;

export class Typing {
  #isOn = false;
  #toldAt = -Infinity;
  /** When the member counts as idle, seconds of the monotonic clock. */
  idleAt = Infinity;

  /**
   * @param {boolean} hasText whether the text that is being written is not empty
   * @param {number} now seconds of the monotonic clock
   * @returns {boolean?} what to tell the others; null for nothing
   */
  input(hasText, now) {
    if (!hasText) return this.stop();
    this.idleAt = now + IDLE_SECONDS;
    if (this.#isOn && now - this.#toldAt < REPEAT_SECONDS) return null;
    this.#isOn = true;
    this.#toldAt = now;
    return true;
  }

  /** @returns {boolean?} what to tell the others when the time `idleAt` has come, or the text was sent */
  stop() {
    this.idleAt = Infinity;
    if (!this.#isOn) return null;
    this.#isOn = false;
    return false;
  }
}
