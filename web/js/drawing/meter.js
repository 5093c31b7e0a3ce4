// A peak programme meter: quick to rise, slow to fall.

/** What the scale begins with, dB below full scale. */
const FLOOR_DB = -48;
/** IEC 60268-10 type I falls 20 dB in 1.7 s. */
const FALL_DB_PER_SECOND = 20 / 1.7;

/** Where `level` (0 … 1) is on the scale, 0 … 1. */
export const onScale = (level) => Math.min(1, Math.max(0, 1 - 20 * Math.log10(Math.max(level, 1e-6)) / FLOOR_DB));

/** The reading `seconds` after `before`, both on the scale, when the level is `level`. */
export const nextReading = (before, level, seconds) => Math.max(onScale(level), before - FALL_DB_PER_SECOND * seconds / -FLOOR_DB, 0);

/** Draws two of them, left and right. */
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
   * @param {[number, number]} levels 0 … 1
   * @param {number} now s
   */
  draw(levels, now) {
    const seconds = this.#at === null ? 0 : now - this.#at;
    this.#at = now;
    this.#readings = this.#readings.map((reading, i) => nextReading(reading, levels[i], seconds));
    this.#arcs.forEach((arc, i) => arc.setAttribute('stroke-dasharray', `${this.#readings[i].toFixed(3)} 2`));
  }
}
