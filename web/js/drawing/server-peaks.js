// The peaks of complete segments, as the server measures them: pure parsing. docs/waveform.md describes the bytes.

import { PEAKS_PER_SECOND } from './peaks.js';

const HEAD_BYTES = 12;
const ENTRY_HEAD_BYTES = 12;
const MARK = 'pks1';

/**
 * The peaks of one segment.
 * @param {DataView} view
 * @returns {import('./peaks.js').Peaks} in the slices of the page
 * @throws {SyntaxError} for other bytes
 */
export function parsePeaks(view) {
  const mark = view.byteLength < HEAD_BYTES ? '' : String.fromCharCode(...[0, 1, 2, 3].map((i) => view.getUint8(i)));
  if (mark !== MARK) throw new SyntaxError('the bytes are no peaks');
  const count = view.getUint8(4);
  const samplesPerSlice = view.getUint32(4) & 0xFFFFFF;
  const sampleRate = view.getUint32(8);
  const slices = (view.byteLength - HEAD_BYTES) / count;
  if (!count || !samplesPerSlice || !sampleRate || !Number.isInteger(slices)) throw new SyntaxError('not whole slices');
  const channels = Array.from({ length: count }, (_, channel) => Float32Array.from(
    { length: slices }, (_, i) => view.getUint8(HEAD_BYTES + i * count + channel) / 255));
  const perSlice = samplesPerSlice / sampleRate * PEAKS_PER_SECOND;
  return { channels: channels.map((levels) => resliced(levels, perSlice)) };
}

/**
 * The peaks of all segments in the answer, by media sequence number.
 * @param {ArrayBuffer} buffer
 * @returns {Map<number, import('./peaks.js').Peaks>}
 * @throws {SyntaxError} for other bytes
 */
export function parseRingPeaks(buffer) {
  const peaks = new Map();
  const view = new DataView(buffer);
  for (let offset = 0; offset < buffer.byteLength;) {
    if (offset + ENTRY_HEAD_BYTES > buffer.byteLength) throw new SyntaxError('the bytes are no peaks of a ring');
    const sequence = view.getUint32(offset) * 2 ** 32 + view.getUint32(offset + 4);
    const length = view.getUint32(offset + 8);
    offset += ENTRY_HEAD_BYTES;
    if (offset + length > buffer.byteLength) throw new SyntaxError('the bytes are no peaks of a ring');
    peaks.set(sequence, parsePeaks(new DataView(buffer, offset, length)));
    offset += length;
  }
  return peaks;
}

/** Levels in slices of another length: the largest level that reaches into each slice. */
function resliced(levels, perSlice) {
  return Float32Array.from({ length: Math.round(levels.length * perSlice) }, (_, i) => {
    const from = Math.min(levels.length - 1, Math.floor(i / perSlice));
    return levels.subarray(from, Math.max(from + 1, Math.ceil((i + 1) / perSlice))).reduce((a, b) => Math.max(a, b), 0);
  });
}
