// The packet clock: the sequence and the sample time of the frames of a talker. Pure.

import { FRAME_MS, FRAME_SAMPLES } from './sound-packet.js';

/** A hole between two captured frames that is longer than this is a gap in the sound. */
const LEAST_GAP_MS = 25;

export class PacketClock {
  #count = 0;
  /** When the next frame is expected, ms of a monotonic clock; null before the first one. */
  #expectedAt = null;

  /**
   * The place of the next frame. Both numbers advance over frames that are not sent, and over the time in which
   * nothing was captured, for example while the microphone was changed.
   * @param {number} capturedAt ms of a monotonic clock
   * @returns {{sequence: number, sampleTime: number}}
   */
  next(capturedAt) {
    const missed = this.#expectedAt === null ? 0 : capturedAt - this.#expectedAt;
    if (missed > LEAST_GAP_MS) this.#count += Math.round(missed / FRAME_MS);
    this.#expectedAt = capturedAt + FRAME_MS;
    const place = { sequence: this.#count % 2 ** 32, sampleTime: this.#count * FRAME_SAMPLES };
    this.#count += 1;
    return place;
  }

  /**
   * The sample time of a moment near the latest frame; null before the first frame.
   * @param {number} time ms of a monotonic clock
   */
  sampleTimeAt(time) {
    if (this.#expectedAt === null) return null;
    const sinceLatest = time - (this.#expectedAt - FRAME_MS);
    return Math.max(0, Math.round(this.#count * FRAME_SAMPLES + sinceLatest * FRAME_SAMPLES / FRAME_MS));
  }
}
