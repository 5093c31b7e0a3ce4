// The frame cutter: turns blocks of captured sound, of any rate and length, into frames of 10 ms at 48 kHz. Pure.

import { RateConverter } from './rate-converter.js';
import { FRAME_SAMPLES } from '../sound-packet.js';

export class FrameCutter {
  #mostChannels;
  #converter = null;
  #format = '';
  /** The sound that does not fill a frame yet. */
  #rest = [];

  /** @param {number} mostChannels 1 mixes all channels together; 2 leaves stereo as it is */
  constructor(mostChannels) {
    this.#mostChannels = mostChannels;
  }

  /**
   * @param {Float32Array[]} channels of equal length
   * @param {number} rate Hz
   * @returns {Float32Array[][]} the frames that are complete, each with its channels
   */
  push(channels, rate) {
    const mixed = mixedTo(channels, this.#mostChannels);
    const format = `${rate} ${mixed.length}`;
    if (format !== this.#format) {
      this.#format = format;
      this.#converter = new RateConverter(rate, mixed.length);
      this.#rest = mixed.map(() => new Float32Array(0));
    }
    const sound = this.#converter.convert(mixed).map((samples, channel) => joined(this.#rest[channel], samples));
    const count = Math.floor(sound[0].length / FRAME_SAMPLES);
    this.#rest = sound.map((samples) => samples.slice(count * FRAME_SAMPLES));
    return Array.from({ length: count }, (_, i) => sound.map(
      (samples) => samples.slice(i * FRAME_SAMPLES, (i + 1) * FRAME_SAMPLES)));
  }

  /** The sound that waits for the rest of its frame, ms. */
  get waitingMs() {
    return (this.#rest[0]?.length ?? 0) / 48;
  }
}

function mixedTo(channels, most) {
  if (channels.length <= most) return channels;
  if (most === 2) return channels.slice(0, 2);
  return [channels[0].map((_, i) => channels.reduce((sum, samples) => sum + samples[i], 0) / channels.length)];
}

function joined(rest, samples) {
  if (rest.length === 0) return samples;
  const sound = new Float32Array(rest.length + samples.length);
  sound.set(rest);
  sound.set(samples, rest.length);
  return sound;
}
