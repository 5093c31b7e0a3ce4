// The playhead of a media element whose clock goes in steps.

/** An older reading of the clock is forgotten. */
const MEMORY_SECONDS = 2;

/**
 * A clock that goes in steps is behind by up to one step, and never ahead. So this class remembers by how much each
 * reading was ahead of steady playback. The largest of these leads is the nearest to the truth. Pure. All times are
 * seconds.
 *
 * Example: the clock steps by 0.04 s. A reading just after a step is right, and gives the place of the playhead until
 * the next such reading.
 */
export class Playhead {
  #stepSeconds;
  /** The sound played since the beginning, by the time that has passed. */
  #played = 0;
  #readAt = null;
  #rate = 1;
  /** The readings less `#played`, each smaller than those before it. @type {{lead: number, at: number}[]} */
  #leads = [];

  /** @param {number} stepSeconds the longest step of the clock; 0 for a clock that is always right */
  constructor(stepSeconds) {
    this.#stepSeconds = stepSeconds;
  }

  /**
   * @param {number} time the reading of the clock
   * @param {number} now the time of the reading, by a monotonic clock
   * @param {number} rate the playback rate from now on; 0 where playback stands still
   * @returns {number} the place of the playhead
   */
  read(time, now, rate) {
    this.#played += (now - (this.#readAt ?? now)) * this.#rate;
    this.#readAt = now;
    this.#rate = rate;
    const lead = time - this.#played;
    this.#leads = this.#leads.filter((other) => other.lead > lead && other.at > now - MEMORY_SECONDS);
    this.#leads.push({ lead, at: now });
    return Math.min(time + this.#stepSeconds, this.#leads[0].lead + this.#played);
  }

  /** The clock was set or stood still: the earlier readings are of no use. */
  forget() {
    this.#leads = [];
  }
}
