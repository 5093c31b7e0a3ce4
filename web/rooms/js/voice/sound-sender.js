// The sound sender: turns the frames of a microphone into sound packets, and drops what would come too late.

import { BITRATES, OpusEncoder, opusSettings } from './opus.js';
import { PacketClock } from './packet-clock.js';
import { encodePCM16 } from './pcm16.js';
import { FRAME_MS, HEAD_BYTES, makePacket } from './sound-packet.js';

/** A frame is dropped while this much sound waits in the page for the network, ms. */
const MOST_WAITING_MS = 60;
/** The size of a packet is averaged over this number of packets. */
const AVERAGED = 50;
/** A few text messages may wait without harm to the sound. */
const LEAST_BYTES = 600;

/**
 * @typedef {object} SoundRoad
 * @property {(packet: ArrayBuffer) => boolean} sendSound
 * @property {number} waitingBytes
 */

export class SoundSender {
  /** Whether packets are sent. The clock of the packets goes on meanwhile. */
  isOpen = false;
  sent = 0;
  dropped = 0;
  /** Bytes of other things than sound that may wait for the network, too: a piece of a picture. */
  otherBytes = 0;

  #road;
  #clock = new PacketClock();
  #settings = null;
  #encoder = null;
  #bitrate = BITRATES.speech;
  #encoderChannels = 0;
  /** The heads of the frames that are in the encoder. */
  #heads = [];
  #packetBytes = 0;

  /** @param {SoundRoad} road */
  constructor(road) {
    this.#road = road;
  }

  /**
   * Chooses the codec.
   * @param {'opus' | 'pcm16'} form where the browser has no encoder for Opus, it is PCM16 anyway
   * @param {'speech' | 'music'} mode
   */
  async use(form, mode) {
    const settings = form === 'opus' ? await opusSettings() : null;
    this.#closeEncoder();
    this.#settings = settings;
    this.#bitrate = BITRATES[mode];
  }

  get form() {
    return this.#settings ? 'opus' : 'pcm16';
  }

  /**
   * Sends a frame, if the sender is open and the road is free.
   * @param {Float32Array[]} channels of 480 samples
   * @param {number} capturedAt ms of a monotonic clock
   */
  push(channels, capturedAt) {
    const head = { codec: this.form, isStereo: channels.length === 2, ...this.#clock.next(capturedAt) };
    if (!this.isOpen) return;
    if (this.#road.waitingBytes > this.#mostBytes) {
      this.dropped += 1;
      return;
    }
    if (!this.#settings) return this.#send(head, encodePCM16(channels));
    if (this.#encoderChannels !== channels.length) this.#openEncoder(channels.length);
    this.#heads.push(head);
    this.#encoder.encode(channels);
  }

  /** The sample time of a moment near the latest frame; null before the first. @param {number} time ms, as in `push` */
  sampleTimeAt(time) {
    return this.#clock.sampleTimeAt(time);
  }

  get #mostBytes() {
    return Math.max(LEAST_BYTES, this.#packetBytes * MOST_WAITING_MS / FRAME_MS) + this.otherBytes;
  }

  #send(head, frame) {
    // The person may have become silent while the frame was encoded.
    if (!this.isOpen) return;
    const bytes = HEAD_BYTES + frame.length;
    this.#packetBytes += (bytes - this.#packetBytes) / (this.#packetBytes === 0 ? 1 : AVERAGED);
    if (this.#road.sendSound(makePacket(head, frame))) this.sent += 1;
    else this.dropped += 1;
  }

  #openEncoder(channels) {
    this.#closeEncoder();
    this.#encoderChannels = channels;
    const heads = this.#heads;
    this.#encoder = new OpusEncoder({
      channels, bitrate: this.#bitrate, settings: this.#settings,
      onFrame: (frame) => {
        const head = heads.shift();
        if (head) this.#send(head, frame);
      },
      // PCM16 always works.
      onError: () => {
        this.#closeEncoder();
        this.#settings = null;
      },
    });
  }

  #closeEncoder() {
    this.#encoder?.close();
    this.#encoder = null;
    this.#encoderChannels = 0;
    this.#heads = [];
  }

  close() {
    this.isOpen = false;
    this.#closeEncoder();
  }
}
