// Opus by WebCodecs: frames of 10 ms, with the least delay that the browser offers.

import { FRAME_MS, FRAME_SAMPLES, SAMPLE_RATE } from './sound-packet.js';

/** The bit rates, bit/s: speech in one channel, music in two. */
export const BITRATES = { speech: 48_000, music: 128_000 };
const FRAME_MICROSECONDS = 1000 * FRAME_MS;
/** The settings of the encoder, the best first. Not every browser knows `application`. */
const SETTINGS = [
  { frameDuration: FRAME_MICROSECONDS, application: 'lowdelay', complexity: 5 },
  { frameDuration: FRAME_MICROSECONDS, complexity: 5 },
  { frameDuration: FRAME_MICROSECONDS },
];

const encoderConfig = (channels, bitrate, opus) =>
  ({ codec: 'opus', sampleRate: SAMPLE_RATE, numberOfChannels: channels, bitrate, opus });
const decoderConfig = (channels) => ({ codec: 'opus', sampleRate: SAMPLE_RATE, numberOfChannels: channels });

/** The best settings that this browser's encoder takes; null where the browser has no encoder. */
async function encoderSettings() {
  if (typeof AudioEncoder !== 'function' || typeof AudioData !== 'function') return null;
  for (const settings of SETTINGS) {
    try {
      const config = encoderConfig(1, BITRATES.speech, settings);
      const { supported, config: { opus } } = await AudioEncoder.isConfigSupported(config);
      // A browser that does not know the frame duration leaves the member out.
      if (supported && opus?.frameDuration === FRAME_MICROSECONDS) return settings;
    } catch {
      // A browser refuses values that it does not know.
    }
  }
  return null;
}

let settings;
/** @returns {Promise<object?>} the settings for `OpusEncoder`; null where this browser cannot encode */
export const opusSettings = () => (settings ??= encoderSettings());

/** @returns {Promise<boolean>} whether this browser can decode Opus by WebCodecs */
export async function canDecodeOpus() {
  if (typeof AudioDecoder !== 'function') return false;
  try {
    return (await AudioDecoder.isConfigSupported(decoderConfig(1))).supported;
  } catch {
    return false;
  }
}

export class OpusEncoder {
  #encoder;
  #count = 0;

  /**
   * @param {object} options
   * @param {number} options.channels
   * @param {number} options.bitrate bit/s
   * @param {object} options.settings of `opusSettings`
   * @param {(frame: Uint8Array) => void} options.onFrame gets one encoded frame for each frame, in their order
   * @param {(error: Error) => void} options.onError the encoder is of no more use
   */
  constructor({ channels, bitrate, settings, onFrame, onError }) {
    this.#encoder = new AudioEncoder({
      output: (chunk) => {
        const frame = new Uint8Array(chunk.byteLength);
        chunk.copyTo(frame);
        onFrame(frame);
      },
      error: onError,
    });
    this.#encoder.configure(encoderConfig(channels, bitrate, settings));
  }

  /** @param {Float32Array[]} channels of 480 samples */
  encode(channels) {
    const data = new Float32Array(channels.length * FRAME_SAMPLES);
    channels.forEach((samples, channel) => data.set(samples, channel * FRAME_SAMPLES));
    const sound = new AudioData({
      format: 'f32-planar', sampleRate: SAMPLE_RATE, numberOfFrames: FRAME_SAMPLES, numberOfChannels: channels.length,
      timestamp: this.#count * FRAME_MICROSECONDS, data,
    });
    this.#count += 1;
    this.#encoder.encode(sound);
    sound.close();
  }

  close() {
    if (this.#encoder.state !== 'closed') this.#encoder.close();
  }
}

export class OpusDecoder {
  #decoder;
  #count = 0;

  /**
   * @param {number} channels
   * @param {(channels: Float32Array[]) => void} onSound gets the sound of 48 kHz, in the order of the frames
   * @param {(error: Error) => void} onError the decoder is of no more use
   */
  constructor(channels, onSound, onError) {
    this.#decoder = new AudioDecoder({ output: (sound) => onSound(planesOf(sound)), error: onError });
    this.#decoder.configure(decoderConfig(channels));
  }

  /** @param {Uint8Array} frame */
  decode(frame) {
    const timestamp = this.#count * FRAME_MICROSECONDS;
    this.#count += 1;
    this.#decoder.decode(new EncodedAudioChunk({ type: 'key', timestamp, data: frame }));
  }

  close() {
    if (this.#decoder.state !== 'closed') this.#decoder.close();
  }
}

/** The channels of an `AudioData`, which is closed. @param {AudioData} sound @returns {Float32Array[]} */
export function planesOf(sound) {
  const planes = Array.from({ length: sound.numberOfChannels }, (_, planeIndex) => {
    const plane = new Float32Array(sound.numberOfFrames);
    sound.copyTo(plane, { planeIndex, format: 'f32-planar' });
    return plane;
  });
  sound.close();
  return planes;
}
