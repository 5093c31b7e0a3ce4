// Reads samples between samples: a windowed sinc, for playing a little faster or slower.

/** Samples on either side that make up one. */
export const REACH = 8;
const PHASES = 256;

/** One row for each phase: the weights of the 2 × REACH samples around. */
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
 * The sound `fraction` of the way from sample `index` to the next one.
 * @param {Float32Array} ring of a length that is a power of two; indices are taken modulo that
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
