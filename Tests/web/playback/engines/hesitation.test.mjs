import assert from 'node:assert/strict';
import test from 'node:test';
import { Hesitation } from '../../../../web/js/playback/engines/hesitation.js';

const EXPECTED_SECONDS = 0.08;

/** What is left at each reading of a clock, in milliseconds. `readings` are pairs of the clock and the time, in ms. */
function left(readings) {
  const hesitation = new Hesitation(EXPECTED_SECONDS, 0.01, 0.25);
  return readings.map(([time, now]) => Math.round(1000 * hesitation.left(time / 1000, now / 1000)));
}

test('all of the hesitation is left before the clock stands still', () => {
  assert.deepEqual(left([[0, 100], [0, 150], [9, 180], [10, 200], [110, 300]]), [80, 80, 80, 80, 80]);
});

test('while the clock stands still, less and less is left', () => {
  assert.deepEqual(left([[10, 200], [190, 380], [190, 410], [190, 440], [190, 460], [230, 500]]), [80, 80, 50, 20, 0, 0]);
});

test('a clock that stands still longer owes nothing', () => {
  assert.deepEqual(left([[10, 200], [10, 400], [40, 430]]), [80, 0, 0]);
});

test('a clock that shows enough is believed', () => {
  assert.deepEqual(left([[10, 200], [250, 440], [260, 450]]), [80, 80, 0]);
});

test('a clock that never hesitates has nothing left', () => {
  assert.equal(new Hesitation(0, 0, 0).left(0.1, 1), 0);
});
