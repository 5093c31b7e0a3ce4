// What has been playing, and since when: each listener is told what plays where it listens.

/** No more is kept: hours of music. */
const MAX_RANGES = 200;

export class NowPlayingHistory {
  /** By start, each until the next. @type {import('./date-range.js').DateRange[]} */
  #ranges = [];

  /** @param {import('./date-range.js').DateRange[]} ranges as a playlist or a segment has told them */
  add(ranges) {
    const known = new Set(this.#ranges.map(({ id }) => id));
    const news = ranges.filter(({ id }) => !known.has(id));
    if (news.length === 0) return;
    this.#ranges = [...this.#ranges, ...news].sort((a, b) => a.start - b.start).slice(-MAX_RANGES);
  }

  /**
   * @param {number?} date milliseconds since 1970 of what sounds; null where that is not known: then the latest counts
   * @returns {import('./date-range.js').NowPlaying?} the same object each time
   */
  at(date) {
    return this.#ranges.findLast(({ start }) => date === null || start <= date)?.playing ?? null;
  }

  /** Milliseconds from `date` until something else plays, as far as is known; infinitely many where nothing will. */
  msUntilNext(date) {
    const next = this.#ranges.find(({ start }) => start > date);
    return next ? next.start - date : Infinity;
  }
}
