// The timeline of an engine: it maps media time to media sequence numbers and dates, in the order of the appends.

/**
 * @typedef {object} Span consecutive frames of one segment on the timeline
 * @property {number} sequence media sequence number
 * @property {number} start media time, seconds
 * @property {number} end media time, seconds
 * @property {number?} date milliseconds since 1970 of the sound at `start`; null where it is unknown
 * @property {number} skippedSeconds the part of the segment before `start`
 */

/** Pieces of a segment with a gap of at most this length follow each other: it is a fraction of a frame. */
const JOINT_SECONDS = 0.005;

/**
 * Media time only grows at the end. Where the listener goes back and a segment is fetched again, the timeline has that
 * segment twice. So the buffer always has exactly one range.
 */
export class Timeline {
  /** @type {Span[]} */
  #spans = [];
  #end = 0;

  /** The media time at which the next piece will start. */
  get end() {
    return this.#end;
  }

  /** The end of the last piece: media sequence number and seconds into that segment; null where there is no piece. */
  get position() {
    const last = this.#spans.at(-1);
    return last ? { sequence: last.sequence, offsetSeconds: last.skippedSeconds + last.end - last.start } : null;
  }

  /**
   * @param {{sequence: number, offsetSeconds: number, date: number?}} piece
   * @param {number} end as the source buffer reports it, so that the browser's rounding errors don't add up
   */
  append({ sequence, offsetSeconds, date }, end) {
    const { position } = this;
    const isJoined = Math.abs(position?.offsetSeconds - offsetSeconds) < JOINT_SECONDS;
    const continues = position?.sequence === sequence && isJoined;
    if (continues) this.#spans.at(-1).end = end;
    else this.#spans.push({ sequence, start: this.#end, end, date, skippedSeconds: offsetSeconds });
    this.#end = end;
  }

  /** Forgets the spans that end before or at `time`. */
  evict(time) {
    const kept = this.#spans.findIndex((span) => span.end > time);
    this.#spans.splice(0, kept < 0 ? this.#spans.length : kept);
  }

  /** The span at `time`; undefined where there is none. */
  at(time) {
    return this.#spans.find((span) => span.start <= time && time < span.end);
  }

  /**
   * The sound at `time`: media sequence number, seconds into that segment, and the date in milliseconds since 1970;
   * null where one is unknown. After the end of the timeline it is the end.
   */
  heardAt(time) {
    const last = this.#spans.at(-1);
    const span = this.at(time) ?? (last && time >= last.end ? last : undefined);
    if (!span) return { sequence: null, offsetSeconds: null, date: null };
    const since = Math.min(time, span.end) - span.start;
    const date = span.date === null ? null : span.date + since * 1000;
    return { sequence: span.sequence, offsetSeconds: span.skippedSeconds + since, date };
  }

  /**
   * The media time of a place in a segment, from which the timeline continues without a jump.
   * @returns {number | undefined} undefined where the timeline has no such place
   */
  find(sequence, offsetSeconds) {
    for (let i = this.#spans.length - 1; i >= 0; i--) {
      const span = this.#spans[i];
      const time = span.start + offsetSeconds - span.skippedSeconds;
      if (span.sequence === sequence) return time >= span.start && time <= span.end ? time : undefined;
      if (span.skippedSeconds > JOINT_SECONDS || this.#spans[i - 1]?.sequence !== span.sequence - 1) return undefined;
    }
    return undefined;
  }
}
