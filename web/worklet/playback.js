// The worklet that plays what it is sent: on the audio thread, 128 samples at a time.

import { PlaybackQueue } from './playback-queue.js';

/** Reports are so many blocks of 128 samples apart: some 20 ms. */
const REPORT = 8;

registerProcessor('ringcast-playback', class extends AudioWorkletProcessor {
  #queue = new PlaybackQueue();
  #blocks = 0;
  #wasSounding = false;

  constructor() {
    super();
    this.port.onmessage = ({ data }) => this.#obey(data);
  }

  #obey({ channels, rate, isPlaying, skipTo }) {
    const queue = this.#queue;
    if (channels !== undefined) queue.write(channels);
    if (rate !== undefined) queue.rate = rate;
    if (isPlaying !== undefined) queue.isPlaying = isPlaying;
    if (skipTo !== undefined) queue.skipTo(skipTo);
  }

  process(_, [output]) {
    const queue = this.#queue;
    queue.read(output);
    if (queue.isSounding !== this.#wasSounding || this.#blocks++ % REPORT === 0) {
      this.#wasSounding = queue.isSounding;
      this.port.postMessage({ position: queue.position, time: currentTime, isSounding: queue.isSounding });
    }
    return true;
  }
});
