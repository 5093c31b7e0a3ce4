// Which engine plays: the one for the listener's wish, of those that this browser has.

import { MSEEngine } from './engine-mse.js';
import { NativeEngine } from './engine-native.js';
import { WebCodecsEngine } from './engine-webcodecs.js';

/** Engines that have failed here: they are not tried again. */
const failed = new Set();

/**
 * @param {import('../latency-modes.js').LatencyMode} latencyMode
 * @param {string?} name 'native' asks for the browser's own HLS, whatever else there is
 */
export function chooseEngine(latencyMode, name) {
  if (name === 'native') return NativeEngine;
  const candidates = [...(latencyMode.prefersLowestLatency ? [WebCodecsEngine] : []), MSEEngine, NativeEngine];
  return candidates.find((engine) => engine.isSupported && !failed.has(engine)) ?? NativeEngine;
}

/** The engine can't go on. One that nothing can replace is tried again. */
export function markFailed(engine) {
  if (engine === WebCodecsEngine) failed.add(engine);
}
