// The loudness of a segment, for eyes: pure arithmetic on decoded samples.

/** Peaks a second: about two MP3 frames each. */
export const PEAKS_PER_SECOND = 25;

/**
 * @typedef {object} Peaks
 * @property {Float32Array[]} channels the largest absolute sample of each slice of 1 / PEAKS_PER_SECOND s, by channel
 *
 * @param {Float32Array[]} channels samples
 * @param {number} sampleRate
 * @returns {Peaks}
 */
export function peaksOf(channels, sampleRate) {
  const slice = sampleRate / PEAKS_PER_SECOND;
  const count = Math.max(1, Math.round(channels[0].length / slice));
  const peaks = (samples) => Float32Array.from({ length: count }, (_, i) => {
    let peak = 0;
    const end = Math.min(samples.length, Math.round((i + 1) * slice));
    for (let k = Math.round(i * slice); k < end; k++) {
      const level = Math.abs(samples[k]);
      if (level > peak) peak = level;
    }
    return peak;
  });
  return { channels: channels.map(peaks) };
}

/** The peaks of all channels together, as so many bars of 0 … 1. */
export function barsOf({ channels }, count) {
  const length = channels[0].length;
  return Array.from({ length: count }, (_, i) => {
    const from = Math.floor(i * length / count);
    const to = Math.max(from + 1, Math.floor((i + 1) * length / count));
    return Math.min(1, Math.max(...channels.map((peaks) => Math.max(...peaks.subarray(from, to)))));
  });
}

/** The peak of each channel at `offset` seconds, one for left and one for right. */
export function levelsAt({ channels }, offset) {
  const i = Math.min(channels[0].length - 1, Math.max(0, Math.floor(offset * PEAKS_PER_SECOND)));
  return [channels[0][i], channels.at(-1)[i]];
}
