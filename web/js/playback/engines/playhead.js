// Where the playhead of a media element is, by a clock that goes in steps.

/** What the clock said longer ago than that says nothing any more, s. */
const MEMORY_SECONDS = 2;

/**
 * Between two steps such a clock is behind, by up to a step, and never ahead. So the playhead is where the clock would be
 * that was behind least lately: it is looked at again and again. Pure; seconds throughout.
 */
export class Playhead {
  #stepSeconds;
  /** What was played since the beginning, by the time that has passed. */
  #played = 0;
  #readAt = null;
  #rate = 1;
  /** @type {{lead: number, at: number}[]} what the clock said, less what was played; each less than those before it */
  #leads = [];

  /** @param {number} stepSeconds how much it may be behind; 0 for a clock that is always right */
  constructor(stepSeconds) {
    this.#stepSeconds = stepSeconds;
  }

  /**
   * @param {number} time what the clock says
   * @param {number} now when
   * @param {number} rate of its pace from now on; 0 where it stands still
   * @returns {number} where the playhead is
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

  /** The clock was set, or stood still. */
  forget() {
    this.#leads = [];
  }
}
