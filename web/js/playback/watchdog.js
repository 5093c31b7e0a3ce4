// Notices a media element that has media to play, is told to play, and doesn't.

/** Seconds of standing still before a step is taken. */
const STANDSTILL_TIMEOUT_SECONDS = 4;
/** Standing still again so soon after a nudge, s: it has not helped. */
const RELAPSE_SECONDS = 20;
/** Less than this ahead is a matter of buffering, s. */
const MIN_CUSHION_SECONDS = 0.5;
/** Nobody has looked for so long: the machine has slept, and the element with it, s. */
const SLEEP_SECONDS = 90;

export class Watchdog {
  #time = null;
  #movedAt = 0;
  #seenAt = -Infinity;
  #nudgedAt = -Infinity;

  /**
   * @param {{now: number, time: number, cushionSeconds: number, wantsToPlay: boolean}} seen in seconds; `time` is media time
   * @returns {'nudge' | 'replace' | null} what to do: seek a hair's breadth, or begin with a new engine
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
