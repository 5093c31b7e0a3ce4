// What has been appended to the media element, in the order of its appending: media time ↔ media sequence ↔ date.

/**
 * @typedef {object} Span a run of one segment on the element's timeline
 * @property {number} sequence media sequence number
 * @property {number} start media time, seconds
 * @property {number} end media time, seconds
 * @property {number?} date milliseconds since 1970 of what sounds at `start`
 * @property {number} skippedSeconds seconds of the segment that come before `start`
 */

/** Pieces of a segment follow on each other if they are no further apart, s: a fraction of a frame. */
const JOINT_SECONDS = 0.005;

/**
 * Media time only ever grows at its end: a segment that is fetched again, because the listener went back, stands there
 * a second time. So the buffer has one range, whatever the listener and the network do.
 */
export class Timeline {
  /** @type {Span[]} */
  #spans = [];
  #end = 0;

  /** Where the next piece will start. */
  get end() {
    return this.#end;
  }

  /** What the last piece ends with: media sequence number, and seconds into the segment; null where there is none. */
  get position() {
    const last = this.#spans.at(-1);
    return last ? { sequence: last.sequence, offsetSeconds: last.skippedSeconds + last.end - last.start } : null;
  }

  /**
   * @param {{sequence: number, offsetSeconds: number, date: number?}} piece
   * @param {number} end as the source buffer tells it, so that no rounding of the browser's can add up
   */
  append({ sequence, offsetSeconds, date }, end) {
    const { position } = this;
    const goesOn = position?.sequence === sequence && Math.abs(position.offsetSeconds - offsetSeconds) < JOINT_SECONDS;
    if (goesOn) this.#spans.at(-1).end = end;
    else this.#spans.push({ sequence, start: this.#end, end, date, skippedSeconds: offsetSeconds });
    this.#end = end;
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

  /**
   * What sounds at `time`: media sequence number, seconds into that segment, and the date in milliseconds since 1970;
   * null where that is not known. At the very end, the end.
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
   * The media time `offsetSeconds` seconds into `sequence`, from where all follows on without a leap; undefined if there is
   * none.
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
