// How late the listener wants to be: from as live as possible to never interrupted.

/**
 * @typedef {object} LatencyMode
 * @property {string} name as the address of the page and the preferences have it
 * @property {string} label
 * @property {number} cushionSeconds the low-water mark wanted, s; 0 for as little as it takes
 * @property {boolean} prefersLowestLatency whether an engine that can be nearer to live is worth what it can't do
 */

/** @type {LatencyMode[]} */
export const LATENCY_MODES = [
  { name: 'live', label: 'As live as possible', cushionSeconds: 0, prefersLowestLatency: true },
  { name: 'low', label: 'Live', cushionSeconds: 0, prefersLowestLatency: false },
  { name: 'calm', label: 'A second late', cushionSeconds: 1, prefersLowestLatency: false },
  { name: 'safe', label: 'Three seconds late', cushionSeconds: 3, prefersLowestLatency: false },
  { name: 'never', label: 'Never interrupt', cushionSeconds: 10, prefersLowestLatency: false },
];

export const DEFAULT_LATENCY_MODE = LATENCY_MODES[1];

/** The mode of that name; undefined where there is none. */
export const latencyModeNamed = (name) => LATENCY_MODES.find((latencyMode) => latencyMode.name === name);

/**
 * The mode that the page's address asks for: `?latency=NAME`, or `?cushion=NAME`, the parameter's former name.
 * @param {Location | URL} location
 * @returns {LatencyMode | undefined} undefined where the address names none
 */
export function latencyModeIn(location) {
  const query = new URLSearchParams(location.search);
  return latencyModeNamed(query.get('latency')) ?? latencyModeNamed(query.get('cushion'));
}
