// The loudness of a segment, for eyes: pure arithmetic on decoded samples.

/** Peaks a second: about two MP3 frames each. */
export const PEAKS_PER_SECOND = 25;

/**
 * @typedef {object} Peaks
 * @property {Float32Array[]} channels the largest absolute sample of each slice of 1 / PEAKS_PER_SECOND s, by channel
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
 * The peaks of all channels together, as so many bars of 0 … 1.
 * @param {number} durationSeconds of the segment, s; what is not known of it yet has bars of 0
 */
export function barsOf({ channels }, count, durationSeconds) {
  const length = durationSeconds * PEAKS_PER_SECOND;
  return Array.from({ length: count }, (_, i) => {
    const from = Math.floor(i * length / count);
    const to = Math.max(from + 1, Math.floor((i + 1) * length / count));
    return Math.min(1, Math.max(0, ...channels.map((peaks) => Math.max(...peaks.subarray(from, to)))));
  });
}

/** The peak of each channel at `offsetSeconds` seconds, one for left and one for right. */
export function levelsAt({ channels }, offsetSeconds) {
  const i = Math.min(channels[0].length - 1, Math.max(0, Math.floor(offsetSeconds * PEAKS_PER_SECOND)));
  return [channels[0][i], channels.at(-1)[i]];
}
