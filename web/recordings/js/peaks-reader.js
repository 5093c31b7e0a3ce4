// Reads the peaks of a recording (the binary form is in docs/recordings.md), and draws them.

const MARK = 'pks1';
const HEAD = 12;

/**
 * The largest level of each slice of a sound, from 0 to 1.
 * @param {ArrayBuffer} buffer
 * @returns {number[]?} null for bytes that are no peaks
 */
export function readPeaks(buffer) {
  if (buffer.byteLength < HEAD) return null;
  const [view, bytes] = [new DataView(buffer), new Uint8Array(buffer)];
  const channels = bytes[4];
  if (String.fromCharCode(...bytes.subarray(0, 4)) !== MARK || channels === 0 || view.getUint32(8) === 0) return null;
  const levels = bytes.subarray(HEAD);
  return Array.from({ length: Math.floor(levels.length / channels) }, (_, slice) =>
    Math.max(...levels.subarray(slice * channels, (slice + 1) * channels)) / 255);
}

/** Fewer bars than slices: each bar is the largest of its slices. */
export function bars(levels, count) {
  const number = Math.min(count, levels.length);
  return Array.from({ length: number }, (_, bar) => {
    const [from, to] = [bar, bar + 1].map((edge) => Math.floor(edge * levels.length / number));
    return Math.max(...levels.slice(from, Math.max(to, from + 1)));
  });
}

/** The path of bars in a box of 100 units height, around the middle: one unit of width for each bar. */
export function pathOf(heights) {
  return heights.map((height, x) => {
    const half = Math.max(1, height * 48).toFixed(1);
    return `M${x + 0.15} ${50 - half}h.7V${50 + Number(half)}h-.7z`;
  }).join('');
}
