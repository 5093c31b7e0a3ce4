// The sound packet: a head of 16 bytes in network byte order, and one frame of 10 ms (docs/rooms.md, Sound). Pure.

/** The sample rate of all sound packets. */
export const SAMPLE_RATE = 48_000;
/** The samples of a frame, for each channel. */
export const FRAME_SAMPLES = 480;
export const FRAME_MS = 10;
export const HEAD_BYTES = 16;

const VERSION = 1;
const SOUND = 1;
/** The codecs, at the place of their number. */
const CODECS = ['pcm16', 'opus'];
const STEREO = 1;

/**
 * @typedef {object} PacketHead
 * @property {'pcm16' | 'opus'} codec
 * @property {boolean} isStereo whether the frame has two channels, interleaved; else one
 * @property {number} sequence counts the frames, modulo 2^32
 * @property {number} sampleTime of the frame's first sample, in samples of 48 kHz
 */

/** @param {PacketHead} head @param {Uint8Array} frame @returns {ArrayBuffer} */
export function makePacket({ codec, isStereo, sequence, sampleTime }, frame) {
  const packet = new ArrayBuffer(HEAD_BYTES + frame.length);
  const head = new DataView(packet);
  head.setUint8(0, VERSION);
  head.setUint8(1, SOUND);
  head.setUint8(2, CODECS.indexOf(codec));
  head.setUint8(3, isStereo ? STEREO : 0);
  head.setUint32(4, sequence);
  head.setUint32(8, Math.floor(sampleTime / 2 ** 32));
  head.setUint32(12, sampleTime);
  new Uint8Array(packet, HEAD_BYTES).set(frame);
  return packet;
}

/** @param {ArrayBuffer} packet @returns {(PacketHead & {frame: Uint8Array})?} null for a message of another kind */
export function readPacket(packet) {
  if (packet.byteLength <= HEAD_BYTES) return null;
  const head = new DataView(packet);
  const codec = CODECS[head.getUint8(2)];
  if (head.getUint8(0) !== VERSION || head.getUint8(1) !== SOUND || codec === undefined) return null;
  return {
    codec,
    isStereo: (head.getUint8(3) & STEREO) !== 0,
    sequence: head.getUint32(4),
    sampleTime: head.getUint32(8) * 2 ** 32 + head.getUint32(12),
    frame: new Uint8Array(packet, HEAD_BYTES),
  };
}
