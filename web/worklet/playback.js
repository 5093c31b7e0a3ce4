// The worklet that plays samples on the audio thread, in blocks of 128.

import { PlaybackQueue } from './playback-queue.js';

/** The worklet reports every eighth block: about every 20 ms. */
const BLOCKS_PER_REPORT = 8;

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
    if (queue.isSounding !== this.#wasSounding || this.#blocks++ % BLOCKS_PER_REPORT === 0) {
      this.#wasSounding = queue.isSounding;
      this.port.postMessage({ position: queue.position, time: currentTime, isSounding: queue.isSounding });
    }
    return true;
  }
});
