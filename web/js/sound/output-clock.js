// The output clock: when a sample of an AudioContext is heard, without a question that can hang the page.

export const isFirefox = /\bGecko\/\d/.test(globalThis.navigator?.userAgent ?? '');
/**
 * The latency that Firefox told before the page ceased to ask, in seconds: 0.042 to 0.048 on Linux.
 *
 * While Firefox finds out `outputLatency`, the page's thread holds a lock for which the device's thread may wait, and the
 * answer waits for the device's thread: the page then hangs for good. `getOutputTimestamp` asks the same. In Firefox
 * this page asks neither.
 */
const FIREFOX_SECONDS = 0.045;

/** The time from the context to the loudspeaker, in seconds; 0 where the browser does not tell. */
export function outputLatency(context) {
  if (isFirefox) return context.state === 'running' ? FIREFOX_SECONDS : 0;
  return context.outputLatency || context.baseLatency || 0;
}

/**
 * Two readings of one instant.
 * @returns {{now: number, time: number}} ms of `performance.now()`, and ms of the context's clock; 0 where the context
 * has not begun
 */
export function outputTimes(context) {
  if (isFirefox || !context.getOutputTimestamp) return { now: performance.now(), time: 1000 * context.currentTime };
  const { contextTime = 0, performanceTime = 0 } = context.getOutputTimestamp();
  return { now: performanceTime, time: 1000 * contextTime };
}
