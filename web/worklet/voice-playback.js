// The worklet that plays the voices of a room on the audio thread, as soon after their arrival as the road allows.

import { MixQueue } from './mix-queue.js';

/** The sample rate of the voices. */
const RATE = 48_000;
/** The worklet reports about every 100 ms. */
const REPORT_SECONDS = 0.1;

registerProcessor('ringcast-voice-playback', class extends AudioWorkletProcessor {
  #queue = new MixQueue();
  #reportAt = 0;

  constructor() {
    super();
    this.port.onmessage = ({ data }) => this.#queue.write(data);
  }

  process(_, [output]) {
    this.#queue.read(output, RATE / sampleRate);
    if (currentTime >= this.#reportAt) {
      this.#reportAt = currentTime + REPORT_SECONDS;
      const { underruns, cuts, reserve } = this.#queue;
      this.port.postMessage({ fill: this.#queue.takeMeanFill(), reserve, underruns, cuts });
    }
    return true;
  }
});
