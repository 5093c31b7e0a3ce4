// The playback queue: a ring of decoded samples, with a read position that may lie between two samples. Pure.

import { REACH, sampleAt } from './resampler.js';

/** The first capacity in samples. It grows as needed. */
const CAPACITY = 1 << 16;
/** After a gap the sound fades in over this number of samples. */
const FADE_IN = 480;
/** Before a gap the sound fades out over this number of samples. */
const FADE_OUT = 128;

export class PlaybackQueue {
  isPlaying = false;
  /** The playback rate. At 1 the queue plays the samples themselves, without interpolation. */
  rate = 1;
  /** Whether the last block was full of sound. */
  isSounding = false;

  /** One ring for each channel. The length is a power of two. @type {Float32Array[]} */
  #rings = [];
  #written = 0;
  /** The next sample to play, and the fraction of the way to the sample after it. */
  #index = 0;
  #fraction = 0;
  /** The number of samples since the last gap. */
  #sinceGap = 0;
  /** After a change back to 1 the queue keeps this rate until its position meets a sample. */
  #steering = 1;

  /** The number of samples played. */
  get position() {
    return this.#index + this.#fraction;
  }

  /** @param {Float32Array[]} channels of equal length */
  write(channels) {
    const { length } = channels[0];
    this.#makeRoom(channels.length, length);
    channels.forEach((samples, channel) => {
      const ring = this.#rings[channel];
      const start = this.#written & (ring.length - 1);
      const head = Math.min(length, ring.length - start);
      ring.set(samples.subarray(0, head), start);
      ring.set(samples.subarray(head), 0);
    });
    this.#written += length;
  }

  /** Leaves out the samples before `index`, whether they are in the queue or still to come. */
  skipTo(index) {
    if (index <= this.#index) return;
    this.#index = index;
    this.#fraction = 0;
    this.#sinceGap = 0;
  }

  /**
   * Fills a block with sound, or with silence where sound is missing.
   * @param {Float32Array[]} output for each channel
   */
  read(output) {
    const { length } = output[0];
    if (this.rate !== 1) this.#steering = this.rate;
    // Interpolation also needs the neighbours of the last sample.
    const left = this.#written - this.#index - REACH - 1;
    const needed = Math.ceil(length * Math.max(1, this.rate)) + 1;
    const isEnough = this.isPlaying && left >= needed;
    const fadesOut = this.isSounding && !isEnough;
    if (!isEnough && !fadesOut) {
      if (!isEnough) this.#sinceGap = 0;
      this.isSounding = false;
      return;
    }
    const count = fadesOut ? Math.min(length, FADE_OUT, Math.max(0, left)) : length;
    for (let i = 0; i < count; i++) {
      const gain = Math.min(1, ++this.#sinceGap / FADE_IN) * (fadesOut ? 1 - (i + 1) / count : 1);
      for (let channel = 0; channel < output.length; channel++) {
        const ring = this.#rings[Math.min(channel, this.#rings.length - 1)];
        output[channel][i] = gain * this.#sample(ring);
      }
      this.#advance();
    }
    if (fadesOut) this.#sinceGap = 0;
    this.isSounding = isEnough;
  }

  #sample(ring) {
    if (this.#fraction === 0) return ring[this.#index & (ring.length - 1)];
    return sampleAt(ring, this.#index, this.#fraction);
  }

  #advance() {
    if (this.rate === 1 && this.#fraction === 0) {
      this.#index++;
      return;
    }
    const next = this.#fraction + this.#steering;
    const whole = Math.floor(next);
    if (this.rate === 1 && whole !== 1) {
      // The position is at a sample, with an error of less than a hundredth of a sample.
      this.#index += Math.round(next);
      this.#fraction = 0;
    } else {
      this.#index += whole;
      this.#fraction = next - whole;
    }
  }

  #makeRoom(channels, length) {
    const size = this.#rings[0]?.length ?? 0;
    const needed = Math.max(0, this.#written - this.#index) + length + 2 * REACH;
    if (channels === this.#rings.length && needed <= size) return;
    let capacity = Math.max(size, CAPACITY);
    while (capacity < needed) capacity *= 2;
    const old = this.#rings;
    this.#rings = Array.from({ length: channels }, (_, channel) => {
      const ring = new Float32Array(capacity);
      const source = old[Math.min(channel, old.length - 1)];
      if (!source) return ring;
      for (let i = Math.max(0, this.#index - REACH); i < this.#written; i++) {
        ring[i & (capacity - 1)] = source[i & (source.length - 1)];
      }
      return ring;
    });
  }
}
