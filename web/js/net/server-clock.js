// The server's clock, estimated from answers that contain its time.

/** An older sample is forgotten, because clocks drift apart and laptops sleep. */
const SAMPLE_LIFE_MS = 120_000;
/** In that time, two clocks that are kept by NTP drift apart by at most this much. */
const DRIFT_MS = 100;

export class ServerClock {
  /**
   * Each sample bounds how far the server's clock is ahead of the local one.
   * @type {{at: number, leastMs: number, mostMs: number, tripMs: number}[]}
   */
  #samples = [];

  /**
   * Adds the server's time from an answer.
   * @param {number} sent when the request left, ms of the local monotonic clock
   * @param {number} received when the answer came, ms of the same clock
   * @param {number} server the time in the answer, ms since 1970
   * @param {number} [cachedMs] how long a cache may have kept the answer
   * @returns {boolean} whether the answer contradicts earlier ones, because a clock was set or a machine slept
   */
  add(sent, received, server, cachedMs = 0) {
    // The server read its clock before the answer came. Without a cache it read the clock after the request left.
    const [leastMs, mostMs] = [server - received, server + cachedMs - sent];
    const sample = { at: received, leastMs, mostMs, tripMs: received - sent };
    const agrees = (other) => sample.leastMs <= other.mostMs + DRIFT_MS && other.leastMs <= sample.mostMs + DRIFT_MS;
    const contradicts = !this.#samples.every(agrees);
    this.#samples = this.#samples.filter((other) => received - other.at < SAMPLE_LIFE_MS && agrees(other));
    this.#samples.push(sample);
    return contradicts;
  }

  /**
   * The server's time, ms since 1970; null before the first answer.
   * @param {number} now ms of the local monotonic clock
   */
  at(now) {
    if (this.#samples.length === 0) return null;
    // The answer with the largest lower bound had the fastest way back. That way took half of the shortest round trip
    // (Cristian's algorithm).
    const leastMs = Math.max(...this.#samples.map((sample) => sample.leastMs));
    const tripMs = Math.min(...this.#samples.map((sample) => sample.tripMs));
    return now + leastMs + tripMs / 2;
  }
}
