// A frame batch: it holds frames back until they are enough for a start.

import { frameSeconds } from './mp3.js';

/**
 * @typedef {object} Piece consecutive frames of one segment
 * @property {number} sequence media sequence number of the segment
 * @property {number} offsetSeconds the place of the first frame in the segment
 * @property {number?} date milliseconds since 1970 of the first frame; null where it is unknown
 * @property {{sampleRate: number, channels: number, bitrate: number}} format
 * @property {Uint8Array[]} frames
 * @property {number} durationSeconds
 */
export class FrameBatch {
  /** @type {Piece[]} */
  #held = [];

  add(piece) {
    this.#held.push(piece);
  }

  /** The duration of all pieces together. */
  get seconds() {
    return this.#held.reduce((sum, piece) => sum + piece.durationSeconds, 0);
  }

  /** The format of the first piece; undefined where the batch is empty. */
  get format() {
    return this.#held[0]?.format;
  }

  /** Removes whole frames at the beginning, so that at least `seconds` remain. */
  trim(seconds) {
    for (let surplusSeconds; this.#held.length && (surplusSeconds = this.seconds - seconds) > 0;) {
      const [first] = this.#held;
      const frame = frameSeconds(first.format);
      const count = Math.min(first.frames.length, Math.floor(surplusSeconds / frame));
      if (count === 0) return;
      if (count === first.frames.length) this.#held.shift();
      else this.#held[0] = without(first, count, frame);
    }
  }

  /** Empties the batch. @returns {Piece[]} */
  take() {
    const held = this.#held;
    this.#held = [];
    return held;
  }
}

const without = (piece, count, frame) => ({
  ...piece,
  offsetSeconds: piece.offsetSeconds + count * frame,
  date: piece.date === null ? null : piece.date + count * frame * 1000,
  frames: piece.frames.slice(count),
  durationSeconds: piece.durationSeconds - count * frame,
});
