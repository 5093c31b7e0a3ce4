// The server's clock, estimated from answers that tell it.

/** Older samples say less than their round trip promises: clocks drift apart, laptops sleep. */
const SAMPLE_LIFE = 120_000;
/** Clocks that are steered drift apart by no more in that time. */
const DRIFT = 100;

export class ServerClock {
  /**
   * How far the server's clock is ahead, at least and at most.
   * @type {{at: number, least: number, most: number, trip: number}[]}
   */
  #samples = [];

  /**
   * @param {number} sent when the question left, by the local monotonic clock, ms
   * @param {number} received when the answer came, by the same
   * @param {number} server what it said, ms since 1970
   * @param {number} [stored] how long a cache may have kept the answer, ms
   * @returns {boolean} whether it contradicts what was said before: a clock was set in between, or a machine slept
   */
  add(sent, received, server, stored = 0) {
    // The server read its clock before the answer came; and, but for what a cache kept, after the question left.
    const sample = { at: received, least: server - received, most: server + stored - sent, trip: received - sent };
    const agrees = (other) => sample.least <= other.most + DRIFT && other.least <= sample.most + DRIFT;
    const contradicts = !this.#samples.every(agrees);
    this.#samples = this.#samples.filter((other) => received - other.at < SAMPLE_LIFE && agrees(other));
    this.#samples.push(sample);
    return contradicts;
  }

  /** The server's time in ms since 1970 at the local moment `now`; null before the first answer. */
  at(now) {
    if (this.#samples.length === 0) return null;
    // The newest word came the fastest way, on which half of the shortest round trip was spent (Cristian's algorithm).
    const least = Math.max(...this.#samples.map((sample) => sample.least));
    const trip = Math.min(...this.#samples.map((sample) => sample.trip));
    return now + least + trip / 2;
  }
}
