// The listener's preferences, kept between visits where the browser allows that.

import { DEFAULT_LATENCY_MODE, latencyModeNamed } from '../playback/latency-modes.js';

const KEY = 'ringcast';
const DEFAULTS = { volume: 1, muted: false, latencyMode: DEFAULT_LATENCY_MODE };

/** @returns {{volume: number, muted: boolean, latencyMode: import('../playback/latency-modes.js').LatencyMode}} */
export function loadPreferences() {
  try {
    return checked(JSON.parse(localStorage.getItem(KEY)));
  } catch {
    // Where storage is forbidden, even its name throws.
    return DEFAULTS;
  }
}

export function savePreferences({ volume, muted, latencyMode }) {
  try {
    localStorage.setItem(KEY, JSON.stringify({ volume, muted, latencyMode: latencyMode.name }));
  } catch {
    // The storage is forbidden or full. The preferences last as long as the page.
  }
}

/** Valid preferences from stored ones, which another version may have written. */
export function checked(stored) {
  // Earlier versions stored the latency mode as `wish`.
  const { volume, muted, wish, latencyMode = wish } = stored ?? {};
  return {
    volume: typeof volume === 'number' && volume >= 0 && volume <= 1 ? volume : DEFAULTS.volume,
    muted: typeof muted === 'boolean' ? muted : DEFAULTS.muted,
    latencyMode: latencyModeNamed(latencyMode) ?? DEFAULTS.latencyMode,
  };
}
