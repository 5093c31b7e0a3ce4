// What has come in for a new beginning, until there is enough of it: playback must not start on a scrap.

import { frameSeconds } from './mp3.js';

/**
 * @typedef {object} Piece frames that follow on each other, of one segment
 * @property {number} sequence media sequence number of the segment
 * @property {number} offsetSeconds seconds into it of the first frame
 * @property {number?} date milliseconds since 1970 of the first frame
 * @property {{sampleRate: number, channels: number, bitrate: number}} format
 * @property {Uint8Array[]} frames
 * @property {number} durationSeconds seconds
 */
export class FrameBatch {
  /** @type {Piece[]} */
  #held = [];

  add(piece) {
    this.#held.push(piece);
  }

  /** Seconds to play. */
  get seconds() {
    return this.#held.reduce((sum, piece) => sum + piece.durationSeconds, 0);
  }

  /** Of what comes first; undefined where there is nothing. */
  get format() {
    return this.#held[0]?.format;
  }

  /** Leaves out what is too much, at the beginning: whole frames, so that no fewer than `seconds` are left. */
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

  /** Takes everything out. */
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
