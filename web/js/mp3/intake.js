// A segment on its way in: from bytes to pieces.

import { FrameParser, frameDuration } from './mp3.js';

export class Intake {
  #entry;
  #from;
  #parser = new FrameParser();
  #frames = 0;

  /**
   * @param {import('../hls/playlist.js').Entry} entry
   * @param {number} offset what comes before is left out, s
   */
  constructor(entry, offset) {
    this.#entry = entry;
    this.#from = offset;
  }

  /**
   * @param {Uint8Array} bytes
   * @returns {import('./batch.js').Piece?} null where they complete no frame that is wanted
   * @throws {SyntaxError} as `FrameParser`
   */
  push(bytes) {
    const frames = this.#parser.push(bytes);
    if (frames.length === 0) return null;
    const { format } = this.#parser;
    const duration = frameDuration(format);
    const first = this.#frames;
    this.#frames += frames.length;
    // The frame that the offset falls into is wanted.
    const skipped = Math.min(frames.length, Math.max(0, Math.floor(this.#from / duration + 1e-6) - first));
    if (skipped === frames.length) return null;
    const offset = (first + skipped) * duration;
    return {
      sequence: this.#entry.sequence,
      offset,
      date: this.#entry.date === null ? null : this.#entry.date + offset * 1000,
      format,
      frames: frames.slice(skipped),
      duration: (frames.length - skipped) * duration,
    };
  }

  /**
   * No more bytes will come.
   * @returns {number} the segment's duration, s
   * @throws {SyntaxError} as `FrameParser`
   */
  finish() {
    this.#parser.finish();
    return this.#frames * frameDuration(this.#parser.format);
  }
}
