// The mix queue: a ring of decoded voices that keeps its delay small. It plays a little faster or slower, so that the
// lowest fill of the last second is a small reserve, and leaves out what an outage left behind. Pure.

import { REACH, sampleAt } from './resampler.js';

/** More than a second of 48 kHz. Sound beyond that is dropped. A power of two. */
const CAPACITY = 1 << 16;
/** The samples of a millisecond of the sound in the queue. */
const MS = 48;
/** The sound plays at most this much faster or slower. */
const MOST_STEERING = 0.005;
/** The steering is full where the lowest fill is off by this much, ms. */
const FULL_STEERING_MS = 5;
/** The lowest fill is that of this time, in windows of a tenth of it. */
const WINDOW = 100 * MS;
const WINDOWS = 10;
/** More than this above the reserve for two windows is what an outage has left, ms. */
const EXCESS_MS = 20;
const EXCESS_WINDOWS = 2;
/**
 * The reserve, ms: at least; at most; how much an underrun adds; and how much a second takes away, once the sound has
 * lasted for `patience` seconds. It falls to what the last `memory` seconds needed: the lowest fills of the seconds
 * then differ by this much.
 */
const RESERVE = { least: 4, most: 60, added: 6, released: 1, patience: 4, memory: 20 };
/** At a start the queue waits for the reserve and for this much more, ms: one frame and the jitter of the packets. */
const START_MS = 18;
/** The length of a fade, and of a cross-fade where sound is left out, ms. */
const FADE_MS = 5;

export class MixQueue {
  /** The counts since the beginning. */
  underruns = 0;
  cuts = 0;

  #rings = [new Float32Array(CAPACITY), new Float32Array(CAPACITY)];
  #written = 0;
  /** The place of the next sample to play. */
  #place = 0;
  /** The place of the sound that fades out, while two parts of the ring are cross-faded; null otherwise. */
  #oldPlace = null;
  #fade = 0;
  #isPlaying = false;
  #reserve = RESERVE.least;
  #steering = 0;
  #windowLeft = WINDOW;
  #lowest = Infinity;
  /** The lowest fill of each of the last windows, ms. */
  #lows = [];
  #windows = 0;
  /** The lowest fill of each of the last seconds, ms. */
  #seconds = [];
  #fillSum = 0;
  #fillCount = 0;

  /** The sound in the queue, ms. */
  get fill() {
    return (this.#written - this.#place) / MS;
  }

  /** The reserve that the queue keeps at its lowest fill, ms. */
  get reserve() {
    return this.#reserve;
  }

  /** The mean fill since the last call, ms. */
  takeMeanFill() {
    const mean = this.#fillCount === 0 ? this.fill : this.#fillSum / this.#fillCount;
    this.#fillSum = this.#fillCount = 0;
    return mean;
  }

  /** @param {Float32Array[]} channels one or two, of equal length, at 48 kHz */
  write(channels) {
    const { length } = channels[0];
    this.#rings.forEach((ring, channel) => {
      const samples = channels[Math.min(channel, channels.length - 1)];
      for (let i = 0; i < length; i++) ring[(this.#written + i) & (CAPACITY - 1)] = samples[i];
    });
    this.#written += length;
    const most = CAPACITY - 2 * REACH - length;
    if (this.#written - this.#place > most) this.#jump(this.#written - (this.#reserve + START_MS) * MS);
  }

  /**
   * @param {Float32Array[]} output one or two channels
   * @param {number} step the samples of the queue for each sample of the output, without steering
   */
  read(output, step) {
    const { length } = output[0];
    if (!this.#isPlaying && this.fill >= this.#reserve + START_MS) {
      this.#isPlaying = true;
      this.#fade = 0;
      this.#forgetLows();
    }
    if (!this.#isPlaying) return;
    const needed = length * step * (1 + MOST_STEERING) + REACH + 1;
    if (this.#written - this.#place < needed) return this.#runDry(output, step);
    this.#play(output, length, step * (1 + this.#steering), 1);
    this.#note(length * step);
  }

  /** Plays what is left, and fades out. */
  #runDry(output, step) {
    const left = Math.floor((this.#written - this.#place - REACH - 1) / step);
    this.#play(output, Math.max(0, Math.min(left, output[0].length)), step, -1);
    this.#isPlaying = false;
    this.underruns += 1;
    this.#reserve = Math.min(RESERVE.most, this.#reserve + RESERVE.added);
  }

  #play(output, count, step, direction) {
    for (let i = 0; i < count; i++) {
      this.#fade = Math.min(1, this.#fade + 1 / (FADE_MS * MS));
      const gain = direction > 0 ? 1 : 1 - (i + 1) / count;
      for (let channel = 0; channel < output.length; channel++) {
        output[channel][i] = gain * this.#sample(this.#rings[Math.min(channel, 1)]);
      }
      this.#place += step;
      if (this.#oldPlace !== null) this.#oldPlace = this.#fade < 1 ? this.#oldPlace + step : null;
    }
  }

  #sample(ring) {
    const sample = at(ring, this.#place);
    if (this.#fade === 1) return sample;
    return this.#fade * sample + (this.#oldPlace === null ? 0 : (1 - this.#fade) * at(ring, this.#oldPlace));
  }

  /** Measures the fill, and decides at the end of each window. */
  #note(played) {
    const { fill } = this;
    this.#lowest = Math.min(this.#lowest, fill);
    this.#fillSum += fill;
    this.#fillCount += 1;
    this.#windowLeft -= played;
    if (this.#windowLeft > 0) return;
    this.#windowLeft += WINDOW;
    this.#lows = [...this.#lows, this.#lowest].slice(-WINDOWS);
    this.#lowest = Infinity;
    this.#windows += 1;
    if (this.#windows % WINDOWS === 0) this.#release(Math.min(...this.#lows));
    const excess = Math.min(...this.#lows.slice(-EXCESS_WINDOWS)) - this.#reserve;
    if (this.#lows.length >= EXCESS_WINDOWS && excess > EXCESS_MS) {
      this.#jump(this.#place + excess * MS);
      return;
    }
    const off = Math.min(...this.#lows) - this.#reserve;
    this.#steering = MOST_STEERING * Math.max(-1, Math.min(1, off / FULL_STEERING_MS));
  }

  /** Takes back a part of a reserve that was not needed. @param {number} low the lowest fill of the last second, ms */
  #release(low) {
    this.#seconds = [...this.#seconds, low].slice(-RESERVE.memory);
    if (this.#seconds.length < RESERVE.patience) return;
    const spread = Math.max(...this.#seconds) - Math.min(...this.#seconds);
    this.#reserve = Math.max(Math.min(this.#reserve, RESERVE.least + spread), this.#reserve - RESERVE.released);
  }

  /** Goes on at a later place, with a cross-fade. */
  #jump(place) {
    this.#oldPlace = this.#isPlaying ? this.#place : null;
    this.#place = place;
    this.#fade = 0;
    this.cuts += 1;
    this.#forgetLows();
  }

  #forgetLows() {
    this.#lows = [];
    this.#seconds = [];
    this.#lowest = Infinity;
    this.#windowLeft = WINDOW;
    this.#steering = 0;
  }
}

function at(ring, place) {
  const index = Math.floor(place);
  return sampleAt(ring, index, place - index);
}
