// The choice of the engine: it depends on the latency mode and on the browser.

import { MSEEngine } from './engine-mse.js';
import { NativeEngine } from './engine-native.js';
import { WebCodecsEngine } from './engine-webcodecs.js';

/** The engines that have failed in this page. They are not tried again. */
const failed = new Set();

/**
 * @param {import('../latency-modes.js').LatencyMode} latencyMode
 * @param {string?} name 'native' asks for the browser's own HLS, even where another engine is supported
 * @returns the class of the engine
 */
export function chooseEngine(latencyMode, name) {
  if (name === 'native') return NativeEngine;
  const candidates = [...(latencyMode.prefersLowestLatency ? [WebCodecsEngine] : []), MSEEngine, NativeEngine];
  return candidates.find((engine) => engine.isSupported && !failed.has(engine)) ?? NativeEngine;
}

/** An engine has failed. An engine that no other can replace is tried again. */
export function markFailed(engine) {
  if (engine === WebCodecsEngine) failed.add(engine);
}
