// The watchdog: it notices an output that has media and should play, but stands still.

/** The watchdog acts after a standstill of this length. */
const STANDSTILL_TIMEOUT_SECONDS = 4;
/** A standstill within this time after a nudge shows that the nudge did not help. */
const RELAPSE_SECONDS = 20;
/** With a smaller cushion the output is buffering, which is no standstill. */
const MIN_CUSHION_SECONDS = 0.5;
/** After a gap of this length between two looks, the machine has slept. */
const SLEEP_SECONDS = 90;

export class Watchdog {
  #time = null;
  #movedAt = 0;
  #seenAt = -Infinity;
  #nudgedAt = -Infinity;

  /**
   * @param {object} seen
   * @param {number} seen.now seconds of a monotonic clock
   * @param {number} seen.time media time
   * @param {number} seen.cushionSeconds
   * @param {boolean} seen.wantsToPlay
   * @returns {'nudge' | 'replace' | null} `nudge` asks for a tiny seek, `replace` for a new engine
   */
  look({ now, time, cushionSeconds, wantsToPlay }) {
    const hasSlept = now - this.#seenAt > SLEEP_SECONDS;
    this.#seenAt = now;
    if (time !== this.#time || !wantsToPlay || cushionSeconds < MIN_CUSHION_SECONDS || hasSlept) {
      this.#time = time;
      this.#movedAt = now;
      return null;
    }
    if (now - this.#movedAt < STANDSTILL_TIMEOUT_SECONDS) return null;
    this.#movedAt = now;
    const verdict = now - this.#nudgedAt < RELAPSE_SECONDS ? 'replace' : 'nudge';
    this.#nudgedAt = now;
    return verdict;
  }
}
