// The server's clock, estimated from answers that tell it.

/** Older samples say less than their round trip promises: clocks drift apart, laptops sleep. */
const SAMPLE_LIFE_MS = 120_000;
/** Clocks that are steered drift apart by no more in that time. */
const DRIFT_MS = 100;

export class ServerClock {
  /**
   * How far the server's clock is ahead, at least and at most.
   * @type {{at: number, leastMs: number, mostMs: number, tripMs: number}[]}
   */
  #samples = [];

  /**
   * @param {number} sent when the question left, by the local monotonic clock, ms
   * @param {number} received when the answer came, by the same
   * @param {number} server what it said, ms since 1970
   * @param {number} [cachedMs] how long a cache may have kept the answer, ms
   * @returns {boolean} whether it contradicts what was said before: a clock was set in between, or a machine slept
   */
  add(sent, received, server, cachedMs = 0) {
    // The server read its clock before the answer came; and, but for what a cache kept, after the question left.
    const sample = { at: received, leastMs: server - received, mostMs: server + cachedMs - sent, tripMs: received - sent };
    const agrees = (other) => sample.leastMs <= other.mostMs + DRIFT_MS && other.leastMs <= sample.mostMs + DRIFT_MS;
    const contradicts = !this.#samples.every(agrees);
    this.#samples = this.#samples.filter((other) => received - other.at < SAMPLE_LIFE_MS && agrees(other));
    this.#samples.push(sample);
    return contradicts;
  }

  /** The server's time in ms since 1970 at the local moment `now`; null before the first answer. */
  at(now) {
    if (this.#samples.length === 0) return null;
    // The newest word came the fastest way, on which half of the shortest round trip was spent (Cristian's algorithm).
    const leastMs = Math.max(...this.#samples.map((sample) => sample.leastMs));
    const tripMs = Math.min(...this.#samples.map((sample) => sample.tripMs));
    return now + leastMs + tripMs / 2;
  }
}
