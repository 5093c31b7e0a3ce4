// A segment on its way in: from bytes to pieces.

import { FrameParser, frameSeconds } from './mp3.js';

export class SegmentReader {
  #entry;
  #fromSeconds;
  #parser = new FrameParser();
  #frames = 0;

  /**
   * @param {import('../hls/playlist.js').Entry} entry
   * @param {number} offsetSeconds what comes before is left out, s
   */
  constructor(entry, offsetSeconds) {
    this.#entry = entry;
    this.#fromSeconds = offsetSeconds;
  }

  /**
   * @param {Uint8Array} bytes
   * @returns {import('./frame-batch.js').Piece?} null where they complete no frame that is wanted
   * @throws {SyntaxError} as `FrameParser`
   */
  push(bytes) {
    const frames = this.#parser.push(bytes);
    if (frames.length === 0) return null;
    const { format } = this.#parser;
    const durationSeconds = frameSeconds(format);
    const first = this.#frames;
    this.#frames += frames.length;
    // The frame that the offset falls into is wanted.
    const skipped = Math.min(frames.length, Math.max(0, Math.floor(this.#fromSeconds / durationSeconds + 1e-6) - first));
    if (skipped === frames.length) return null;
    const offsetSeconds = (first + skipped) * durationSeconds;
    return {
      sequence: this.#entry.sequence,
      offsetSeconds,
      date: this.#entry.date === null ? null : this.#entry.date + offsetSeconds * 1000,
      format,
      frames: frames.slice(skipped),
      durationSeconds: (frames.length - skipped) * durationSeconds,
    };
  }

  /**
   * No more bytes will come.
   * @returns {number} the segment's duration, s
   * @throws {SyntaxError} as `FrameParser`
   */
  finish() {
    this.#parser.finish();
    return this.#frames * frameSeconds(this.#parser.format);
  }
}
