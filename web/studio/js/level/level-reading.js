// The readings of a level meter: the level falls slowly, and the highest peak stands for a while.

import { FLOOR_DB } from './scale.js';

/** A meter of IEC 60268-10 type I falls by 20 dB in 1.7 s. */
const FALL_DB_PER_SECOND = 20 / 1.7;
/** A peak stands for this long before it falls, seconds. */
const HOLD_SECONDS = 1.5;

export class LevelReading {
  /** dB relative to full scale, never below the scale's end. */
  level = FLOOR_DB;
  peak = FLOOR_DB;
  #peakAt = -Infinity;
  #at = null;

  /** @param {number} db the highest sample since the last call @param {number} now seconds of a monotonic clock */
  update(db, now) {
    const fall = this.#at === null ? 0 : FALL_DB_PER_SECOND * (now - this.#at);
    this.#at = now;
    this.level = Math.max(db, this.level - fall, FLOOR_DB);
    if (db >= this.peak) {
      this.peak = db;
      this.#peakAt = now;
    } else if (now - this.#peakAt > HOLD_SECONDS) {
      this.peak = Math.max(this.peak - fall, this.level);
    }
  }
}
