// The loudness of a segment for the drawing: pure arithmetic on decoded samples.

/** Each peak covers about two MP3 frames. */
export const PEAKS_PER_SECOND = 25;

/**
 * @typedef {object} Peaks
 * @property {Float32Array[]} channels for each channel the largest absolute sample of each slice of
 *   1 / PEAKS_PER_SECOND seconds
 *
 * @param {Float32Array[]} channels samples
 * @param {number} count of peaks wanted
 * @returns {Peaks}
 */
export function peaksOf(channels, count) {
  const slice = channels[0].length / count;
  const peaks = (samples) => Float32Array.from({ length: count }, (_, i) => {
    let peak = 0;
    const end = Math.round((i + 1) * slice);
    for (let k = Math.round(i * slice); k < end; k++) {
      const level = Math.abs(samples[k]);
      if (level > peak) peak = level;
    }
    return peak;
  });
  return { channels: channels.map(peaks) };
}

/**
 * The peaks of all channels together as bars of 0 to 1.
 * @param {Peaks} peaks
 * @param {number} count of bars wanted
 * @param {number} durationSeconds of the segment. The part that is not known yet has bars of 0.
 */
export function barsOf({ channels }, count, durationSeconds) {
  const length = durationSeconds * PEAKS_PER_SECOND;
  return Array.from({ length: count }, (_, i) => {
    const from = Math.floor(i * length / count);
    const to = Math.max(from + 1, Math.floor((i + 1) * length / count));
    return Math.min(1, Math.max(0, ...channels.map((peaks) => Math.max(...peaks.subarray(from, to)))));
  });
}

/** The peaks at a place in the segment: left and right. */
export function levelsAt({ channels }, offsetSeconds) {
  const i = Math.min(channels[0].length - 1, Math.max(0, Math.floor(offsetSeconds * PEAKS_PER_SECOND)));
  return [channels[0][i], channels.at(-1)[i]];
}
