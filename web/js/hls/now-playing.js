// The history of titles: each listener sees the title at its own place in the stream.

/** At most this number of titles is kept: hours of music. */
const MAX_RANGES = 200;

export class NowPlayingHistory {
  /** In the order of their starts. Each lasts until the next. @type {import('./date-range.js').DateRange[]} */
  #ranges = [];

  /** @param {import('./date-range.js').DateRange[]} ranges from a playlist or a segment */
  add(ranges) {
    const known = new Set(this.#ranges.map(({ id }) => id));
    const unknown = ranges.filter(({ id }) => !known.has(id));
    if (unknown.length === 0) return;
    this.#ranges = [...this.#ranges, ...unknown].sort((a, b) => a.start - b.start).slice(-MAX_RANGES);
  }

  /**
   * @param {number?} date milliseconds since 1970 of the sound; null where it is unknown, which asks for the latest
   *   title
   * @returns {import('./date-range.js').NowPlaying?} the same object for the same title
   */
  at(date) {
    return this.#ranges.findLast(({ start }) => date === null || start <= date)?.playing ?? null;
  }

  /** Milliseconds from `date` to the next title; Infinity where none is known. */
  msUntilNext(date) {
    const next = this.#ranges.find(({ start }) => start > date);
    return next ? next.start - date : Infinity;
  }
}
