import assert from 'node:assert/strict';
import test from 'node:test';
import { Watchdog } from '../../../web/js/playback/watchdog.js';

/** The verdicts of a look every half a second, at the media times that `timeAt` gives. */
function watch(seconds, timeAt, { cushionSeconds = 3, wantsToPlay = true, from = 0 } = {}, dog = new Watchdog()) {
  const verdicts = [];
  for (let now = from; now < from + seconds; now += 0.5) {
    const verdict = dog.look({ now, time: timeAt(now), cushionSeconds, wantsToPlay });
    if (verdict) verdicts.push([now, verdict]);
  }
  return verdicts;
}

test('whoever plays is left alone', () => assert.deepEqual(watch(60, (now) => now), []));

test('whoever stands still is nudged, and replaced if that does not help', () => {
  assert.deepEqual(watch(9, () => 5), [[4, 'nudge'], [8, 'replace']]);
});

test('a nudge that helped is forgotten in time', () => {
  const dog = new Watchdog();
  assert.deepEqual(watch(5, () => 5, {}, dog), [[4, 'nudge']]);
  assert.deepEqual(watch(60, (now) => now, { from: 5 }, dog), []);
  assert.deepEqual(watch(6, () => 70, { from: 65 }, dog), [[69, 'nudge']]);
});

test('standing still is right when paused, and when there is nothing to play', () => {
  assert.deepEqual(watch(60, () => 5, { wantsToPlay: false }), []);
  assert.deepEqual(watch(60, () => 5, { cushionSeconds: 0.1 }), []);
});

test('a machine that has slept is not to blame', () => {
  const dog = new Watchdog();
  watch(3, () => 5, {}, dog);
  assert.equal(dog.look({ now: 8000, time: 5, cushionSeconds: 3, wantsToPlay: true }), null);
});
