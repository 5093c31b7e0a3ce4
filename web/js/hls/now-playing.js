// The history of titles: each listener sees the title at its own place in the stream.

/** At most this number of titles is kept: hours of music. */
const MAX_RANGES = 200;

export class NowPlayingHistory {
  /** In the order of their starts. Each lasts until the next. @type {import('./date-range.js').DateRange[]} */
  #ranges = [];
  /** The IDs of those that a playlist has listed. */
  #listed = new Set();

  /** @param {import('./date-range.js').DateRange[]} ranges from a segment, in any order */
  add(ranges) {
    const known = new Set(this.#ranges.map(({ id }) => id));
    const unknown = ranges.filter(({ id }) => !known.has(id));
    if (unknown.length === 0) return;
    this.#ranges = [...this.#ranges, ...unknown].sort((a, b) => a.start - b.start).slice(-MAX_RANGES);
  }

  /**
   * Takes the titles of a playlist, which lists them in the order in which they play. Where a start goes back, the
   * server's clock was set, and the titles with later starts are over.
   * @param {import('./date-range.js').DateRange[]} ranges
   */
  addListed(ranges) {
    if (ranges.length === 0) return;
    const known = new Map(this.#ranges.map((range) => [range.id, range]));
    let listed = [];
    for (const range of ranges) {
      listed = [...listed.filter(({ start }) => start < range.start), known.get(range.id) ?? range];
    }
    for (const { id } of ranges) known.delete(id);
    // A later title is known from a segment that is newer than the playlist.
    const others = [...known.values()].filter(({ id, start }) => start < listed[0].start || !this.#listed.has(id));
    this.#ranges = [...others, ...listed].sort((a, b) => a.start - b.start).slice(-MAX_RANGES);
    const ids = new Set(ranges.map(({ id }) => id));
    this.#listed = new Set(this.#ranges.map(({ id }) => id).filter((id) => ids.has(id) || this.#listed.has(id)));
  }

  /**
   * @param {number?} date milliseconds since 1970 of the sound; null where it is unknown, which asks for the latest
   *   title
   * @returns {import('./date-range.js').NowPlaying?} the same object for the same title
   */
  at(date) {
    return this.#ranges.findLast(({ start }) => date === null || start <= date)?.playing ?? null;
  }

  /**
   * The titles before the one at `date`, the latest first. @param {number?} date as in `at`
   * @returns {{start: number, playing: import('../hls/date-range.js').NowPlaying}[]}
   */
  before(date) {
    const heard = this.#ranges.findLastIndex(({ start }) => date === null || start <= date);
    return this.#ranges.slice(0, Math.max(0, heard)).filter(({ playing }) => playing !== null).reverse();
  }

  /** Milliseconds from `date` to the next title; Infinity where none is known. */
  msUntilNext(date) {
    const next = this.#ranges.find(({ start }) => start > date);
    return next ? next.start - date : Infinity;
  }
}
