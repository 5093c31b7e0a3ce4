// Decoded sound on its way to the loudspeaker: a ring of samples with a read position between them. Pure.

import { REACH, sampleAt } from './resampler.js';

/** What it holds at first, samples; it grows as needed. */
const CAPACITY = 1 << 16;
/** Sound fades in over so many samples after a gap, and out over so many before one. */
const FADE_IN = 480;
const FADE_OUT = 128;

export class PlaybackQueue {
  isPlaying = false;
  /** Playback rate; takes effect so that at 1 the samples themselves are played, not what is between them. */
  rate = 1;
  /** Whether there was enough to play the last block. */
  isSounding = false;

  /** @type {Float32Array[]} one for each channel, of a length that is a power of two */
  #rings = [];
  #written = 0;
  /** The next sample to play, and how far it is on the way to the one after. */
  #index = 0;
  #fraction = 0;
  /** Samples since the last gap. */
  #sinceGap = 0;
  /** The rate at which a change back to 1 goes on until it meets a sample. */
  #steering = 1;

  /** Samples played. */
  get position() {
    return this.#index + this.#fraction;
  }

  /** @param {Float32Array[]} channels equally long */
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

  /** Leaves out what comes before sample `index`, whether it is here yet or not. */
  skipTo(index) {
    if (index <= this.#index) return;
    this.#index = index;
    this.#fraction = 0;
    this.#sinceGap = 0;
  }

  /** Fills a block: one array for each channel of the output. What can't be filled is silence. */
  read(output) {
    const { length } = output[0];
    if (this.rate !== 1) this.#steering = this.rate;
    // The neighbours of the last sample are needed as well.
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
      // The position has just passed a sample, or reached the next one: less than a hundredth of one off.
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
