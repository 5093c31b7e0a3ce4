// The level meter: it measures how loud a track is.

import { nextReading } from '../../../js/drawing/meter.js';

const INTERVAL_MS = 50;

export class LevelMeter {
  #context = null;
  #source = null;
  #analyser;
  #samples;
  #track = null;
  #reading = 0;
  #timer = null;
  #show;

  /** @param {(reading: number) => void} show gets the level, 0 to 1, twenty times a second while a track is followed */
  constructor(show) {
    this.#show = show;
  }

  /** @param {MediaStreamTrack?} track null to stop */
  follow(track) {
    if (track === this.#track) return;
    this.#track = track;
    this.#source?.disconnect();
    this.#source = null;
    clearInterval(this.#timer);
    this.#reading = 0;
    this.#show(0);
    if (track && this.#connect(track)) this.#timer = setInterval(() => this.#measure(), INTERVAL_MS);
  }

  close() {
    this.follow(null);
    this.#context?.close();
    this.#context = null;
  }

  /** @returns {boolean} whether the browser can measure the track. Firefox refuses some sample rates. */
  #connect(track) {
    try {
      this.#context ??= new AudioContext();
      this.#context.resume();
      this.#analyser = new AnalyserNode(this.#context, { fftSize: 2048 });
      this.#samples = new Float32Array(this.#analyser.fftSize);
      this.#source = this.#context.createMediaStreamSource(new MediaStream([track]));
      this.#source.connect(this.#analyser);
      return true;
    } catch {
      return false;
    }
  }

  #measure() {
    this.#analyser.getFloatTimeDomainData(this.#samples);
    const peak = this.#samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0);
    this.#reading = nextReading(this.#reading, peak, INTERVAL_MS / 1000);
    this.#show(this.#reading);
  }
}
