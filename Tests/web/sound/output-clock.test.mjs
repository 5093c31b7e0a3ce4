import assert from 'node:assert/strict';
import test from 'node:test';

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0';
const CHROMIUM = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36';

/** The module as a browser with this name loads it. */
async function loaded(userAgent) {
  Object.defineProperty(globalThis, 'navigator', { value: { userAgent }, configurable: true });
  return import(`../../../web/js/sound/output-clock.js?${encodeURIComponent(userAgent)}`);
}

/** A context in which the questions that can hang Firefox throw. */
const firefoxContext = (state) => ({
  state, currentTime: 2, baseLatency: 0,
  get outputLatency() { throw new Error('outputLatency was asked'); },
  getOutputTimestamp() { throw new Error('getOutputTimestamp was asked'); },
});

test('Firefox is not asked for its latency, because its answer can hang the page', async () => {
  const { outputLatency, outputTimes } = await loaded(FIREFOX);
  assert.equal(outputLatency(firefoxContext('running')), 0.045);
  assert.equal(outputLatency(firefoxContext('suspended')), 0);
  assert.equal(outputTimes(firefoxContext('running')).time, 2000);
});

test('other browsers tell their latency and their clock', async () => {
  const { outputLatency, outputTimes } = await loaded(CHROMIUM);
  assert.equal(outputLatency({ outputLatency: 0.02, baseLatency: 0.01 }), 0.02);
  assert.equal(outputLatency({ outputLatency: 0, baseLatency: 0.01 }), 0.01);
  assert.equal(outputLatency({}), 0);
  const getOutputTimestamp = () => ({ contextTime: 1.5, performanceTime: 900 });
  assert.deepEqual(outputTimes({ getOutputTimestamp }), { now: 900, time: 1500 });
});

test('a browser without output timestamps gives the time of its context', async () => {
  const { outputTimes } = await loaded(CHROMIUM);
  assert.equal(outputTimes({ currentTime: 3 }).time, 3000);
});
