// When to ask again: for the playlist, and after a failure.

/** How much later than expected the next segment is looked for at first, as a part of its duration. */
const FIRST_AIM = 0.08;
/** How much later than a try that came too early the next one comes. */
const STEP = 0.05;
/** The aim sinks by this much a reload, so that it follows a server whose sound card is faster than its clock. */
const LEAK = 0.00025;
/** Later than this, as a part of a segment's duration, a reload is worth bringing back into step. */
const LATE = 0.25;
/** What must be left of the cushion after a reload that is put off, seconds. */
export const RELOAD_MARGIN = 0.35;

/**
 * Schedules the reloads of a playlist (RFC 8216 §6.3.4), each just after a segment is expected to appear: a reload at
 * a random phase would cost the listener a segment's duration of latency at worst.
 */
export class ReloadTimer {
  /** Seconds after a segment's end, by its date, at which the playlist has it. Learnt, because dates may be off. */
  #aim = null;

  /**
   * Seconds from the start of the load that has just succeeded to the next one.
   * @param {object} load
   * @param {boolean} load.changed whether the playlist differs from the one before
   * @param {number?} load.edgeAge the server's time when it was loaded less the end of its last segment, s
   * @param {number} load.segmentDuration of its segments on average, s
   * @param {number} load.lastDuration of its last segment, s
   * @param {number} load.targetDuration s
   * @param {number} load.distance what can be played without another load, s
   */
  delay({ changed, edgeAge, segmentDuration, lastDuration, targetDuration, distance }) {
    if (edgeAge !== null) this.#learn(changed, edgeAge, segmentDuration);
    if (!changed) {
      // "it MUST wait for a period of one-half the target duration before retrying"
      return targetDuration / 2;
    }
    // "the client MUST wait for at least the target duration before attempting to reload the Playlist file again,
    // measured from the last time the client began loading the Playlist file." rfc8216bis, which this goes by, counts
    // the last segment's own duration instead.
    if (edgeAge === null) return lastDuration;
    const late = edgeAge - this.#aim;
    const next = Math.min(segmentDuration - late, 1.5 * segmentDuration);
    if (next >= lastDuration) return next;
    const next2 = next + segmentDuration;
    if (late > LATE * segmentDuration && distance >= next2 + RELOAD_MARGIN) return next2;
    return lastDuration;
  }

  #learn(changed, edgeAge, segmentDuration) {
    const plausible = edgeAge >= 0 && edgeAge < 2 * segmentDuration;
    this.#aim ??= plausible ? FIRST_AIM * segmentDuration : edgeAge;
    if (changed) {
      const isInStep = edgeAge - this.#aim < LATE * segmentDuration;
      this.#aim = Math.min(this.#aim - (isInStep ? LEAK * segmentDuration : 0), edgeAge);
    }
    // The next segment was not there yet.
    this.#aim = Math.max(this.#aim, edgeAge - (1 - STEP) * segmentDuration);
  }
}

const FIRST_RETRY = 0.5;
const LAST_RETRY = 5;

/**
 * Seconds to wait after the `attempt`-th failure in a row, from 1.
 * @param {number} random 0 … 1: all listeners of a server that comes back must not come back at the same moment
 */
export function retryDelay(attempt, random) {
  const delay = Math.min(LAST_RETRY, FIRST_RETRY * 2 ** (attempt - 1));
  return delay * (0.75 + 0.5 * random);
}
