// MPEG-1 Audio Layer III in segments: ID3v2 tags and whole frames (ISO/IEC 11172-3 §2.4).

import { concat } from './bytes.js';

/** kbit/s by bitrate_index. Index 0 is the free format, which no segment uses. */
const BITRATES = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const SAMPLE_RATES = [44100, 48000, 32000];

/** Samples of each channel in a frame. */
export const FRAME_SAMPLES = 1152;

/**
 * Reads the frame header at `offset`.
 * @returns {{sampleRate: number, channels: number, bitrate: number, size: number}?} null where there is none.
 *   `bitrate` is in bit/s. `size` is in bytes and includes the header.
 */
export function frameHeader(bytes, offset = 0) {
  if (offset + 4 > bytes.length) return null;
  const [sync, version, rates, mode] = bytes.subarray(offset, offset + 4);
  // Eleven sync bits, MPEG-1, Layer III. The protection bit may have either value.
  if (sync !== 0xff || (version & 0xfe) !== 0xfa) return null;
  const bitrate = BITRATES[rates >> 4] * 1000;
  const sampleRate = SAMPLE_RATES[(rates >> 2) & 3];
  if (!bitrate || !sampleRate) return null;
  const padding = (rates >> 1) & 1;
  const size = Math.floor(144 * bitrate / sampleRate) + padding;
  return { sampleRate, channels: mode >> 6 === 3 ? 1 : 2, bitrate, size };
}

/** The size in bytes of the ID3v2 tag at `offset`; 0 where there is none. */
export function tagSize(bytes, offset = 0) {
  if (offset + 10 > bytes.length) return 0;
  if (bytes[offset] !== 0x49 || bytes[offset + 1] !== 0x44 || bytes[offset + 2] !== 0x33) return 0;
  const footer = bytes[offset + 5] & 0x10 ? 10 : 0;
  // The size is syncsafe: each byte holds seven bits (ID3v2.4 §6.2).
  const size = bytes.subarray(offset + 6, offset + 10).reduce((size, byte) => size << 7 | byte & 0x7f, 0);
  return 10 + size + footer;
}

const EMPTY = new Uint8Array(0);
const TAG_HEADER = 10;

/**
 * Splits a segment into frames as its bytes come in. The bytes may be cut anywhere. A tag may precede any frame,
 * because a segment may consist of tagged parts.
 */
export class FrameParser {
  /** The format of the first frame; null before it. @type {{sampleRate: number, channels: number, bitrate: number}?} */
  format = null;

  #rest = EMPTY;
  #position = 0;

  /**
   * @param {Uint8Array} bytes the next bytes of the segment
   * @returns {Uint8Array[]} the frames that these bytes complete
   * @throws {SyntaxError} where the bytes are neither tags nor frames of one format
   */
  push(bytes) {
    const data = this.#rest.length ? concat([this.#rest, bytes]) : bytes;
    const frames = [];
    let offset = 0;
    while (data.length - offset >= TAG_HEADER) {
      const tag = tagSize(data, offset);
      const size = tag || this.#frameSize(data, offset);
      if (offset + size > data.length) break;
      if (!tag) frames.push(data.subarray(offset, offset + size));
      offset += size;
    }
    this.#rest = data.subarray(offset);
    this.#position += offset;
    return frames;
  }

  /** The segment is complete. @throws {SyntaxError} where it has no frame, or where its last frame is cut short */
  finish() {
    if (this.#rest.length) throw new SyntaxError(`the frame at byte ${this.#position} is cut short`);
    if (!this.format) throw new SyntaxError('no frame at all');
  }

  #frameSize(data, offset) {
    const header = frameHeader(data, offset);
    if (!header) throw new SyntaxError(`no MPEG-1 Layer III frame at byte ${this.#position + offset}`);
    this.format ??= header;
    if (!sameFormat(this.format, header)) {
      throw new SyntaxError(`the format changes at byte ${this.#position + offset}`);
    }
    return header.size;
  }
}

/** Whether one decoder configuration serves both formats. The bitrate plays no part in that. */
export const sameFormat = (a, b) => a.sampleRate === b.sampleRate && a.channels === b.channels;

/** The duration of a frame in seconds. */
export const frameSeconds = ({ sampleRate }) => FRAME_SAMPLES / sampleRate;

/**
 * A frame that decodes to silence. It has no side information and no main data, and needs no earlier frame.
 * @param {{sampleRate: number, channels: number, bitrate: number}} format
 */
export function silentFrame({ sampleRate, channels, bitrate }) {
  const frame = new Uint8Array(Math.floor(144 * bitrate / sampleRate));
  const rates = BITRATES.indexOf(bitrate / 1000) << 4 | SAMPLE_RATES.indexOf(sampleRate) << 2;
  frame.set([0xff, 0xfb, rates, channels === 1 ? 0xc0 : 0]);
  return frame;
}
