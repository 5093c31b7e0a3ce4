// The segment reader: the bytes of a segment come in, pieces go out.

import { FrameParser, frameSeconds } from './mp3.js';

export class SegmentReader {
  #entry;
  #fromSeconds;
  #parser = new FrameParser();
  #frames = 0;

  /**
   * @param {import('../hls/playlist.js').Entry} entry
   * @param {number} offsetSeconds the reader leaves out the frames before this place
   */
  constructor(entry, offsetSeconds) {
    this.#entry = entry;
    this.#fromSeconds = offsetSeconds;
  }

  /**
   * @param {Uint8Array} bytes
   * @returns {import('./frame-batch.js').Piece?} null where the bytes complete no wanted frame
   * @throws {SyntaxError} see `FrameParser`
   */
  push(bytes) {
    const frames = this.#parser.push(bytes);
    if (frames.length === 0) return null;
    const { format } = this.#parser;
    const secondsPerFrame = frameSeconds(format);
    const first = this.#frames;
    this.#frames += frames.length;
    // The frame around the offset is wanted.
    const firstWanted = Math.floor(this.#fromSeconds / secondsPerFrame + 1e-6);
    const skipped = Math.min(frames.length, Math.max(0, firstWanted - first));
    if (skipped === frames.length) return null;
    const offsetSeconds = (first + skipped) * secondsPerFrame;
    return {
      sequence: this.#entry.sequence,
      offsetSeconds,
      date: this.#entry.date === null ? null : this.#entry.date + offsetSeconds * 1000,
      format,
      frames: frames.slice(skipped),
      durationSeconds: (frames.length - skipped) * secondsPerFrame,
    };
  }

  /**
   * The segment is complete.
   * @returns {number} its duration in seconds
   * @throws {SyntaxError} see `FrameParser`
   */
  finish() {
    this.#parser.finish();
    return this.#frames * frameSeconds(this.#parser.format);
  }
}
