// The resampler: it interpolates between samples with a windowed sinc, to play slightly faster or slower.

/** An interpolated sample depends on this number of samples on each side. */
export const REACH = 8;
const PHASES = 256;

/** For each phase a row with the weights of the 2 × REACH surrounding samples. */
const table = Array.from({ length: PHASES + 1 }, (_, phase) => {
  const weights = Float64Array.from({ length: 2 * REACH }, (_, i) => {
    const x = i - REACH + 1 - phase / PHASES;
    const window = 0.42 + 0.5 * Math.cos(Math.PI * x / REACH) + 0.08 * Math.cos(2 * Math.PI * x / REACH);
    return (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x)) * (Math.abs(x) < REACH ? window : 0);
  });
  const sum = weights.reduce((sum, weight) => sum + weight);
  return weights.map((weight) => weight / sum);
});

/**
 * The interpolated sample at a fraction of the way from sample `index` to the next one.
 * @param {Float32Array} ring its length is a power of two, and indices are taken modulo its length
 * @param {number} fraction 0 ≤ fraction < 1
 */
export function sampleAt(ring, index, fraction) {
  const mask = ring.length - 1;
  const place = fraction * PHASES;
  const row = Math.floor(place);
  const [before, after, part] = [table[row], table[row + 1], place - row];
  let sum = 0;
  for (let i = 0; i < 2 * REACH; i++) {
    sum += ring[(index - REACH + 1 + i) & mask] * (before[i] + (after[i] - before[i]) * part);
  }
  return sum;
}
