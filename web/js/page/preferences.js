// What the listener has set, kept between visits where the browser allows it.

import { DEFAULT_LATENCY_MODE, latencyModeNamed } from '../playback/latency-modes.js';

const KEY = 'ringcast';
const DEFAULTS = { volume: 1, muted: false, latencyMode: DEFAULT_LATENCY_MODE };

/** @returns {{volume: number, muted: boolean, latencyMode: import('../playback/latency-modes.js').LatencyMode}} */
export function loadPreferences() {
  try {
    return checked(JSON.parse(localStorage.getItem(KEY)));
  } catch {
    // Storage may be forbidden, and merely naming it then throws.
    return DEFAULTS;
  }
}

export function savePreferences({ volume, muted, latencyMode }) {
  try {
    localStorage.setItem(KEY, JSON.stringify({ volume, muted, latencyMode: latencyMode.name }));
  } catch {
    // Forbidden or full: it lasts as long as the page.
  }
}

/** What was stored may come from another version, or from anybody. */
export function checked(stored) {
  // Earlier versions stored the latency mode as `wish`.
  const { volume, muted, wish, latencyMode = wish } = stored ?? {};
  return {
    volume: typeof volume === 'number' && volume >= 0 && volume <= 1 ? volume : DEFAULTS.volume,
    muted: typeof muted === 'boolean' ? muted : DEFAULTS.muted,
    latencyMode: latencyModeNamed(latencyMode) ?? DEFAULTS.latencyMode,
  };
}
