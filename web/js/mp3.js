// MPEG-1 Audio Layer III as the segments hold it: ID3v2 tags and whole frames (ISO/IEC 11172-3 §2.4).

/** kbit/s by bitrate_index; 0 is the free format, which no segment has. */
const BITRATES = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const SAMPLE_RATES = [44100, 48000, 32000];

/** Samples a channel in a frame. */
export const FRAME_SAMPLES = 1152;

/**
 * Reads the frame header at `offset`.
 * @returns {{sampleRate: number, channels: number, bitrate: number, size: number}?} null where there is none; `bitrate`
 *   in bit/s, `size` in bytes, header included
 */
export function frameHeader(bytes, offset = 0) {
  if (offset + 4 > bytes.length) return null;
  const [sync, version, rates, mode] = bytes.subarray(offset, offset + 4);
  // Eleven sync bits, MPEG-1, Layer III; the protection bit may be either.
  if (sync !== 0xff || (version & 0xfe) !== 0xfa) return null;
  const bitrate = BITRATES[rates >> 4] * 1000;
  const sampleRate = SAMPLE_RATES[(rates >> 2) & 3];
  if (!bitrate || !sampleRate) return null;
  const padding = (rates >> 1) & 1;
  const size = Math.floor(144 * bitrate / sampleRate) + padding;
  return { sampleRate, channels: mode >> 6 === 3 ? 1 : 2, bitrate, size };
}

/** How many bytes the ID3v2 tag at `offset` takes; 0 where there is none. */
export function tagSize(bytes, offset = 0) {
  if (offset + 10 > bytes.length) return 0;
  if (bytes[offset] !== 0x49 || bytes[offset + 1] !== 0x44 || bytes[offset + 2] !== 0x33) return 0;
  const footer = bytes[offset + 5] & 0x10 ? 10 : 0;
  // Syncsafe: seven bits a byte (ID3v2.4 §6.2).
  const size = bytes.subarray(offset + 6, offset + 10).reduce((size, byte) => size << 7 | byte & 0x7f, 0);
  return 10 + size + footer;
}

/**
 * Takes a segment apart. Tags may stand before any frame: a segment may be a concatenation of tagged parts.
 * @param {Uint8Array} bytes
 * @returns {{sampleRate: number, channels: number, bitrate: number, duration: number, frames: Uint8Array[]}}
 *   `duration` in seconds; the frames are views of `bytes`
 * @throws {SyntaxError} where it is anything but tags and whole frames of one format
 */
export function parseSegment(bytes) {
  const frames = [];
  let format = null;
  for (let offset = 0; offset < bytes.length;) {
    const tag = tagSize(bytes, offset);
    if (tag > 0) {
      offset += tag;
      continue;
    }
    const header = frameHeader(bytes, offset);
    if (!header) throw new SyntaxError(`no MPEG-1 Layer III frame at byte ${offset}`);
    if (offset + header.size > bytes.length) throw new SyntaxError(`the frame at byte ${offset} is cut short`);
    format ??= header;
    if (!sameFormat(format, header)) throw new SyntaxError(`the format changes at byte ${offset}`);
    frames.push(bytes.subarray(offset, offset + header.size));
    offset += header.size;
  }
  if (!format) throw new SyntaxError('no frame at all');
  const { sampleRate, channels, bitrate } = format;
  return { sampleRate, channels, bitrate, duration: frames.length * FRAME_SAMPLES / sampleRate, frames };
}

/** Whether one decoder configuration serves both; the bitrate is none of its business. */
export const sameFormat = (a, b) => a.sampleRate === b.sampleRate && a.channels === b.channels;
