// The mix player: plays the sound packets of the server.

import { BufferOutput } from './buffer-output.js';
import { OpusDecoder } from './opus.js';
import { decodePCM16 } from './pcm16.js';
import { readPacket } from './sound-packet.js';
import { WorkletOutput } from './worklet-output.js';

const NO_REPORT = { fill: 0, reserve: 0, underruns: 0, cuts: 0 };

/** Events: `error` (with `error`) when a decoder has failed, and the next packet gets a new one. */
export class MixPlayer extends EventTarget {
  /** The number of packets, and of packets that are missing in between. */
  received = 0;
  missing = 0;

  #context;
  #output = null;
  #isOpening = false;
  #decoder = null;
  #decoderChannels = 0;
  #expected = null;

  /** @param {import('./sound-context.js').SoundContext} context */
  constructor(context) {
    super();
    this.#context = context;
  }

  /** Starts to play. Packets that come before are dropped. */
  async open() {
    if (this.#output || this.#isOpening) return;
    this.#isOpening = true;
    let context;
    try {
      context = await this.#context.open();
    } catch (error) {
      this.#isOpening = false;
      throw error;
    }
    // The player was closed meanwhile.
    if (!this.#isOpening) return;
    this.#isOpening = false;
    this.#output = context.audioWorklet ? new WorkletOutput(context) : new BufferOutput(context);
  }

  /** @param {ArrayBuffer} buffer a message from the server */
  receive(buffer) {
    const packet = readPacket(buffer);
    if (packet === null) return;
    this.received += 1;
    // A server that has started again counts from 0.
    if (this.#expected !== null && packet.sequence > this.#expected) this.missing += packet.sequence - this.#expected;
    this.#expected = packet.sequence + 1;
    // A context that the browser has suspended plays nothing, and later nothing old.
    if (!this.isPlaying) return;
    const channels = packet.isStereo ? 2 : 1;
    if (packet.codec === 'pcm16') this.#play(decodePCM16(packet.frame, channels));
    else this.#decode(packet.frame, channels);
  }

  #decode(frame, channels) {
    if (channels !== this.#decoderChannels) {
      this.#decoder?.close();
      this.#decoderChannels = channels;
      this.#decoder = new OpusDecoder(channels, (sound) => this.#play(sound), (error) => this.#fail(error));
    }
    this.#decoder.decode(frame);
  }

  #play(channels) {
    this.#output?.write(channels);
  }

  #fail(error) {
    this.#decoder = null;
    this.#decoderChannels = 0;
    this.dispatchEvent(Object.assign(new Event('error'), { error }));
  }

  get isPlaying() {
    return this.#output !== null && this.#context.isRunning;
  }

  /** From the arrival of a packet to the loudspeaker, ms; null while nothing plays. */
  get delay() {
    return this.isPlaying ? this.queue.fill + this.#context.latency : null;
  }

  /** @returns {import('./worklet-output.js').QueueReport} */
  get queue() {
    return this.#output?.report ?? NO_REPORT;
  }

  close() {
    this.#isOpening = false;
    this.#output?.close();
    this.#output = null;
    this.#decoder?.close();
    this.#decoder = null;
    this.#decoderChannels = 0;
    this.#expected = null;
  }
}
