// The pieces of a still: each has a head of 16 bytes in network byte order, and bytes of the JPEG (docs/rooms.md,
// Pictures). Pure.

const HEAD_BYTES = 16;
const [VERSION, PICTURE, JPEG] = [1, 2, 0];
const [FIRST, LAST] = [1, 2];
/** Bytes of the JPEG in a piece: so short that a sound packet never waits long behind one. */
export const PIECE_BYTES = 1920;

/**
 * @param {{sequence: number, sampleTime: number}} still `sequence`: its number, modulo 2^32. `sampleTime`: by the count of
 *   the sound packets, in samples of 48 kHz
 * @param {Uint8Array} jpeg
 * @returns {ArrayBuffer[]} the binary messages
 */
export function picturePieces({ sequence, sampleTime }, jpeg) {
  const pieces = [];
  for (let start = 0; start < jpeg.length; start += PIECE_BYTES) {
    const bytes = jpeg.subarray(start, start + PIECE_BYTES);
    const piece = new ArrayBuffer(HEAD_BYTES + bytes.length);
    const head = new DataView(piece);
    head.setUint8(0, VERSION);
    head.setUint8(1, PICTURE);
    head.setUint8(2, JPEG);
    head.setUint8(3, (start === 0 ? FIRST : 0) | (start + PIECE_BYTES >= jpeg.length ? LAST : 0));
    head.setUint32(4, sequence);
    head.setUint32(8, Math.floor(sampleTime / 2 ** 32));
    head.setUint32(12, sampleTime);
    new Uint8Array(piece, HEAD_BYTES).set(bytes);
    pieces.push(piece);
  }
  return pieces;
}
