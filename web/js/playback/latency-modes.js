// The latency modes: the listener chooses between a short delay and few interruptions.

/**
 * @typedef {object} LatencyMode
 * @property {string} name in the page's address, in the stored preferences and in the keys of the texts
 * @property {number} cushionSeconds the requested low-water mark; 0 for the smallest that plays without interruption
 * @property {boolean} prefersLowestLatency whether the engine with the lowest latency is preferred, despite its limits
 */

/** @type {LatencyMode[]} */
export const LATENCY_MODES = [
  { name: 'live', cushionSeconds: 0, prefersLowestLatency: true },
  { name: 'low', cushionSeconds: 0, prefersLowestLatency: false },
  { name: 'calm', cushionSeconds: 1, prefersLowestLatency: false },
  { name: 'safe', cushionSeconds: 3, prefersLowestLatency: false },
  { name: 'never', cushionSeconds: 10, prefersLowestLatency: false },
];

export const DEFAULT_LATENCY_MODE = LATENCY_MODES[1];

/** The mode with this name; undefined where there is none. */
export const latencyModeNamed = (name) => LATENCY_MODES.find((latencyMode) => latencyMode.name === name);

/**
 * The mode in the page's address: `?latency=NAME`, or `?cushion=NAME`, which is the parameter's former name.
 * @param {Location | URL} location
 * @returns {LatencyMode | undefined} undefined where the address names none
 */
export function latencyModeIn(location) {
  const query = new URLSearchParams(location.search);
  return latencyModeNamed(query.get('latency')) ?? latencyModeNamed(query.get('cushion'));
}
