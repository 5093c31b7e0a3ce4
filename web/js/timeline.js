// What has been appended to the media element, in the order of its appending: media time ↔ media sequence ↔ date.

/**
 * @typedef {object} Span one segment on the element's timeline
 * @property {number} sequence media sequence number
 * @property {number} start media time, seconds
 * @property {number} end media time, seconds
 * @property {number?} date milliseconds since 1970 of what sounds at `start`
 * @property {number} skipped seconds of the segment that were left out, at its beginning
 */

/**
 * Media time only ever grows at its end: a segment that is fetched again, because the listener went back, stands there
 * a second time. So the buffer has one range, whatever the listener and the network do.
 */
export class Timeline {
  /** @type {Span[]} */
  #spans = [];
  #end = 0;

  /** Where the next segment will start. */
  get end() {
    return this.#end;
  }

  /** The span that was appended last. */
  get last() {
    return this.#spans.at(-1);
  }

  /**
   * @param {{sequence: number, date: number?}} entry
   * @param {number} end as the source buffer tells it, so that no rounding of the browser's can add up
   * @param {number} skipped seconds left out at the beginning
   */
  append({ sequence, date }, end, skipped = 0) {
    const span = { sequence, start: this.#end, end, date: date === null ? null : date + skipped * 1000, skipped };
    this.#spans.push(span);
    this.#end = end;
    return span;
  }

  /** Forgets what has ended by `time`. */
  evict(time) {
    const kept = this.#spans.findIndex((span) => span.end > time);
    this.#spans.splice(0, kept < 0 ? this.#spans.length : kept);
  }

  /** The span that sounds at `time`, undefined outside of what is there. */
  at(time) {
    return this.#spans.find((span) => span.start <= time && time < span.end);
  }

  /** Milliseconds since 1970 of the sample at `time`; null where it is not known. At the very end, the end's. */
  dateAt(time) {
    const last = this.last;
    const span = this.at(time) ?? (last && time >= last.end ? last : undefined);
    if (!span || span.date === null) return null;
    return span.date + (Math.min(time, span.end) - span.start) * 1000;
  }

  /**
   * The media time `offset` seconds into `sequence`, from where all follows on without a leap; undefined if there is
   * none.
   */
  find(sequence, offset) {
    for (let i = this.#spans.length - 1; i >= 0; i--) {
      const span = this.#spans[i];
      if (span.sequence === sequence) return offset < span.skipped ? undefined : span.start + offset - span.skipped;
      if (i > 0 && this.#spans[i - 1].sequence !== span.sequence - 1) return undefined;
    }
    return undefined;
  }
}
