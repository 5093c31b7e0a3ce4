// The volume: the range of its values, and whether a page may set it.

/** Whether a page can set the volume. On Apple's phones a page can't. */
export function canSetVolume() {
  const probe = document.createElement('audio');
  probe.volume = 0.5;
  return probe.volume === 0.5;
}

/**
 * A volume of 0 to 1, rounded to the slider's steps, because a hundred steps of 0.01 don't add up to 1 in binary.
 * @param {number} volume
 */
export const roundedVolume = (volume) => Math.min(1, Math.max(0, Math.round(volume * 100) / 100));
