// The buffer output: plays the voices in short buffers, one after the other. A page that came without https has no
// AudioWorklet.

import { MixQueue } from '../../../worklet/mix-queue.js';
import { SAMPLE_RATE } from './sound-packet.js';

/** The length of a buffer, as a part of a second. */
const PART = 100;
/** The buffers are planned this far ahead, ms: a page that is busy for this long is not heard to be. */
const AHEAD_MS = 60;

export class BufferOutput {
  #context;
  #queue = new MixQueue();
  #length;
  /** The frame of the context at which the next buffer begins. */
  #next = 0;

  /** @param {AudioContext} context */
  constructor(context) {
    this.#context = context;
    this.#length = Math.round(context.sampleRate / PART);
  }

  /** @returns {import('./worklet-output.js').QueueReport} */
  get report() {
    const { fill, reserve, underruns, cuts } = this.#queue;
    return { fill: fill + AHEAD_MS, reserve, underruns, cuts };
  }

  /** @param {Float32Array[]} channels at 48 kHz */
  write(channels) {
    this.#queue.write(channels);
    const { sampleRate, currentTime } = this.#context;
    const end = (currentTime + AHEAD_MS / 1000) * sampleRate;
    // The page was busy for too long: the sound goes on with a gap.
    if (this.#next < currentTime * sampleRate) this.#next = Math.round(end) - this.#length;
    for (; this.#next < end; this.#next += this.#length) this.#plan();
  }

  #plan() {
    const { sampleRate } = this.#context;
    const sound = [new Float32Array(this.#length), new Float32Array(this.#length)];
    this.#queue.read(sound, SAMPLE_RATE / sampleRate);
    const buffer = new AudioBuffer({ length: this.#length, numberOfChannels: 2, sampleRate });
    sound.forEach((samples, channel) => buffer.copyToChannel(samples, channel));
    const source = new AudioBufferSourceNode(this.#context, { buffer });
    source.connect(this.#context.destination);
    source.start(this.#next / sampleRate);
  }

  close() {
    // The planned buffers end by themselves.
  }
}
