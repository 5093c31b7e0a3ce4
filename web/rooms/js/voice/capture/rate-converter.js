// The rate converter: turns blocks of sound of any sample rate into sound of 48 kHz, without a gap between blocks. Pure.

import { REACH, sampleAt } from '../../../../worklet/resampler.js';
import { SAMPLE_RATE } from '../sound-packet.js';

/** More than a tenth of a second at the highest rate of sound cards. */
const CAPACITY = 1 << 15;

export class RateConverter {
  #step;
  #rings;
  #written = 0;
  /** The next place to read, in samples of the input. */
  #place = 0;

  /** @param {number} rate of the input, Hz @param {number} channels */
  constructor(rate, channels) {
    // Sound above 24 kHz of a faster input is not filtered away. Microphones have next to none.
    this.#step = rate / SAMPLE_RATE;
    this.#rings = Array.from({ length: channels }, () => new Float32Array(CAPACITY));
  }

  /**
   * @param {Float32Array[]} channels of equal length, shorter than a tenth of a second
   * @returns {Float32Array[]} the sound that is complete
   */
  convert(channels) {
    if (this.#step === 1) return channels;
    this.#write(channels);
    // An interpolated sample needs its neighbours on both sides.
    const end = this.#written - REACH - 1;
    const count = Math.max(0, Math.ceil((end - this.#place) / this.#step));
    const first = this.#place;
    this.#place += count * this.#step;
    return this.#rings.map((ring) => Float32Array.from({ length: count }, (_, i) => {
      const place = first + i * this.#step;
      const index = Math.floor(place);
      return sampleAt(ring, index, place - index);
    }));
  }

  #write(channels) {
    channels.forEach((samples, channel) => {
      const ring = this.#rings[channel];
      for (let i = 0; i < samples.length; i++) ring[(this.#written + i) & (CAPACITY - 1)] = samples[i];
    });
    this.#written += channels[0].length;
  }
}
