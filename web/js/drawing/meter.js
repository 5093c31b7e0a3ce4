// A peak programme meter: it rises at once and falls slowly.

/** The lower end of the scale, in dB relative to full scale. */
const FLOOR_DB = -48;
/** A meter of IEC 60268-10 type I falls by 20 dB in 1.7 s. */
const FALL_DB_PER_SECOND = 20 / 1.7;

/** The place of a level (0 to 1) on the scale (0 to 1). */
export const onScale = (level) => Math.min(1, Math.max(0, 1 - 20 * Math.log10(Math.max(level, 1e-6)) / FLOOR_DB));

/**
 * The next reading on the scale.
 * @param {number} before the last reading
 * @param {number} level 0 to 1
 * @param {number} seconds since the last reading
 */
export const nextReading = (before, level, seconds) =>
  Math.max(onScale(level), before - FALL_DB_PER_SECOND * seconds / -FLOOR_DB, 0);

/** Draws two meters, left and right. */
export class Meter {
  #arcs;
  #readings;
  #at = null;

  /** @param {SVGPathElement[]} arcs of pathLength 1, left and right */
  constructor(arcs) {
    this.#arcs = arcs;
    this.#readings = arcs.map(() => 0);
  }

  /**
   * @param {[number, number]} levels 0 to 1
   * @param {number} now seconds of a monotonic clock
   */
  draw(levels, now) {
    const seconds = this.#at === null ? 0 : now - this.#at;
    this.#at = now;
    this.#readings = this.#readings.map((reading, i) => nextReading(reading, levels[i], seconds));
    this.#arcs.forEach((arc, i) => arc.setAttribute('stroke-dasharray', `${this.#readings[i].toFixed(3)} 2`));
  }
}
