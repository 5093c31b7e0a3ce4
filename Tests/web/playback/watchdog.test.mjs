import assert from 'node:assert/strict';
import test from 'node:test';
import { Watchdog } from '../../../web/js/playback/watchdog.js';

/** The verdicts of looks every half a second. `timeAt` gives the media time. */
function watch(seconds, timeAt, { cushionSeconds = 3, wantsToPlay = true, from = 0 } = {}, dog = new Watchdog()) {
  const verdicts = [];
  for (let now = from; now < from + seconds; now += 0.5) {
    const verdict = dog.look({ now, time: timeAt(now), cushionSeconds, wantsToPlay });
    if (verdict) verdicts.push([now, verdict]);
  }
  return verdicts;
}

test('an output that plays is left alone', () => assert.deepEqual(watch(60, (now) => now), []));

test('an output that stands still is nudged, then replaced', () => {
  assert.deepEqual(watch(9, () => 5), [[4, 'nudge'], [8, 'replace']]);
});

test('a nudge that helped is forgotten after a time', () => {
  const dog = new Watchdog();
  assert.deepEqual(watch(5, () => 5, {}, dog), [[4, 'nudge']]);
  assert.deepEqual(watch(60, (now) => now, { from: 5 }, dog), []);
  assert.deepEqual(watch(6, () => 70, { from: 65 }, dog), [[69, 'nudge']]);
});

test('a standstill is right in a pause, and without a cushion', () => {
  assert.deepEqual(watch(60, () => 5, { wantsToPlay: false }), []);
  assert.deepEqual(watch(60, () => 5, { cushionSeconds: 0.1 }), []);
});

test('a sleep of the machine is no standstill', () => {
  const dog = new Watchdog();
  watch(3, () => 5, {}, dog);
  assert.equal(dog.look({ now: 8000, time: 5, cushionSeconds: 3, wantsToPlay: true }), null);
});
