// The server's clock, estimated from answers that tell it (Cristian's algorithm).

/** Older samples say less than their round trip promises: clocks drift apart, laptops sleep. */
const SAMPLE_LIFE = 120_000;
/** Clocks that are steered drift apart by no more in that time. */
const DRIFT = 100;

export class ServerClock {
  /** @type {{at: number, offset: number, error: number}[]} */
  #samples = [];

  /**
   * @param {number} sent when the question left, by the local monotonic clock, ms
   * @param {number} received when the answer came, by the same
   * @param {number} server what it said, ms since 1970
   * @returns {boolean} whether it contradicts what was said before: a clock was set in between, or a machine slept
   */
  add(sent, received, server) {
    // The server read its clock some time between the two; half-way is off by half the round trip at most.
    const error = (received - sent) / 2;
    const offset = server - (sent + error);
    const agrees = (sample) => Math.abs(sample.offset - offset) <= sample.error + error + DRIFT;
    const contradicts = !this.#samples.every(agrees);
    this.#samples = this.#samples.filter((sample) => received - sample.at < SAMPLE_LIFE && agrees(sample));
    this.#samples.push({ at: received, offset, error });
    return contradicts;
  }

  /** The server's time in ms since 1970 at the local moment `now`; null before the first answer. */
  at(now) {
    if (this.#samples.length === 0) return null;
    const best = this.#samples.reduce((best, sample) => (sample.error <= best.error ? sample : best));
    return now + best.offset;
  }
}
