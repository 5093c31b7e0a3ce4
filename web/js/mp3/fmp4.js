// MP3 frames in fragmented MP4 (ISO/IEC 14496-12 and -14), for browsers whose Media Source Extensions need that form.

import { concat } from './bytes.js';
import { FRAME_SAMPLES } from './mp3.js';

const TRACK = 1;
const encoder = new TextEncoder();

const octets = (value, count) => Array.from({ length: count }, (_, i) => value >>> 8 * (count - 1 - i) & 0xff);
const u8 = (...values) => Uint8Array.from(values);
const u16 = (...values) => u8(...values.flatMap((value) => octets(value, 2)));
const u32 = (...values) => u8(...values.flatMap((value) => octets(value, 4)));
/** Bitwise operators have 32 bits. A sample count needs more after a day. */
const u64 = (value) => u32(Math.floor(value / 2 ** 32), value % 2 ** 32);
const zeros = (count) => new Uint8Array(count);

const box = (type, ...parts) => {
  const body = concat(parts);
  return concat([u32(8 + body.length), encoder.encode(type), body]);
};
const fullBox = (type, version, flags, ...parts) => box(type, u32(version << 24 | flags), ...parts);

/** The unity matrix of mvhd and tkhd. */
const MATRIX = u32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);

/**
 * The initialization segment of an MP3 track. Its timescale is the sample rate.
 * @param {{sampleRate: number, channels: number, bitrate: number}} format
 */
export function initSegment({ sampleRate, channels, bitrate }) {
  const entry = box('mp4a',
    zeros(6), u16(1), // data reference 1
    zeros(8), u16(channels, 16, 0, 0), u16(sampleRate, 0), // 16.16 fixed point
    esds(bitrate));
  return concat([
    box('ftyp', encoder.encode('iso5'), u32(1), encoder.encode('iso5mp41')),
    box('moov',
      fullBox('mvhd', 0, 0,
        u32(0, 0, sampleRate, 0, 0x10000), u16(0x0100, 0), zeros(8), MATRIX, zeros(24), u32(TRACK + 1)),
      box('trak',
        // The track is enabled and in the movie. A sound track has full volume.
        fullBox('tkhd', 0, 3, u32(0, 0, TRACK, 0, 0), zeros(8), u16(0, 0, 0x0100, 0), MATRIX, u32(0, 0)),
        box('mdia',
          fullBox('mdhd', 0, 0, u32(0, 0, sampleRate, 0), u16(0x55c4, 0)), // language "und"
          fullBox('hdlr', 0, 0, u32(0), encoder.encode('soun'), zeros(12), u8(0)),
          box('minf',
            fullBox('smhd', 0, 0, zeros(4)),
            box('dinf', fullBox('dref', 0, 0, u32(1), fullBox('url ', 0, 1))),
            box('stbl',
              fullBox('stsd', 0, 0, u32(1), entry),
              fullBox('stts', 0, 0, u32(0)),
              fullBox('stsc', 0, 0, u32(0)),
              fullBox('stsz', 0, 0, u32(0, 0)),
              fullBox('stco', 0, 0, u32(0)))))),
      box('mvex', fullBox('trex', 0, 0, u32(TRACK, 1, FRAME_SAMPLES, 0, 0)))),
  ]);
}

/** The elementary stream descriptor. Object type 0x6b is MPEG-1 audio (ISO/IEC 14496-1 table 5). */
function esds(bitrate) {
  const decoder = concat([u8(0x6b, 0x15, 0, 0, 0), u32(bitrate, bitrate)]);
  const stream = concat([u16(TRACK), u8(0), descriptor(0x04, decoder), descriptor(0x06, u8(2))]);
  return fullBox('esds', 0, 0, descriptor(0x03, stream));
}

const descriptor = (tag, body) => concat([u8(tag, body.length), body]);

/**
 * A media segment: one moof and its mdat.
 * @param {number} number of the fragment, from 1
 * @param {number} decodeTime the number of samples before its first frame
 * @param {Uint8Array[]} frames
 */
export function mediaSegment(number, decodeTime, frames) {
  // 0x020000 default-base-is-moof; 0x000001 data offset present, 0x000200 sample sizes present.
  const moof = (dataOffset) => box('moof',
    fullBox('mfhd', 0, 0, u32(number)),
    box('traf',
      fullBox('tfhd', 0, 0x020000, u32(TRACK)),
      fullBox('tfdt', 1, 0, u64(decodeTime)),
      fullBox('trun', 0, 0x000201, u32(frames.length, dataOffset), u32(...frames.map((frame) => frame.length)))));
  // The offset counts from the start of the moof to the first byte inside the mdat.
  const size = moof(0).length;
  return concat([moof(size + 8), box('mdat', ...frames)]);
}
