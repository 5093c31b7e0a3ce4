// The mix player: plays the sound packets of the server.

import { OpusDecoder } from './opus.js';
import { decodePCM16 } from './pcm16.js';
import { readPacket } from './sound-packet.js';

/** Events: `error` (with `error`) when a decoder has failed, and the next packet gets a new one. */
export class MixPlayer extends EventTarget {
  /** The number of packets, and of packets that are missing in between. */
  received = 0;
  missing = 0;

  #context;
  #node = null;
  #isOpening = false;
  #decoder = null;
  #decoderChannels = 0;
  #expected = null;
  #report = { fill: 0, reserve: 0, underruns: 0, cuts: 0 };

  /** @param {import('./sound-context.js').SoundContext} context */
  constructor(context) {
    super();
    this.#context = context;
  }

  /** Starts to play. Packets that come before are dropped. */
  async open() {
    if (this.#node || this.#isOpening) return;
    this.#isOpening = true;
    const context = await this.#context.open();
    // The player was closed meanwhile.
    if (!this.#isOpening) return;
    this.#isOpening = false;
    this.#node = new AudioWorkletNode(context, 'ringcast-voice-playback', {
      numberOfInputs: 0, outputChannelCount: [2],
    });
    this.#node.port.onmessage = ({ data }) => { this.#report = data; };
    this.#node.connect(context.destination);
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
    if (!this.#node || !this.#context.isRunning) return;
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
    this.#node?.port.postMessage(channels, channels.map((samples) => samples.buffer));
  }

  #fail(error) {
    this.#decoder = null;
    this.#decoderChannels = 0;
    this.dispatchEvent(Object.assign(new Event('error'), { error }));
  }

  get isPlaying() {
    return this.#node !== null && this.#context.isRunning;
  }

  /** From the arrival of a packet to the loudspeaker, ms; null while nothing plays. */
  get delay() {
    return this.isPlaying ? this.#report.fill + this.#context.latency : null;
  }

  /** The figures of the queue: mean fill and reserve in ms, and the counts of underruns and cuts. */
  get queue() {
    return this.#report;
  }

  close() {
    this.#isOpening = false;
    this.#node?.disconnect();
    this.#node?.port.close();
    this.#node = null;
    this.#decoder?.close();
    this.#decoder = null;
    this.#decoderChannels = 0;
    this.#expected = null;
  }
}
