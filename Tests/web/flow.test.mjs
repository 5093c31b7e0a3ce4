import assert from 'node:assert/strict';
import test from 'node:test';
import {
  Caution, FASTER, LowWater, SLOWER, jumpThreshold, restingCushion, restingDistance, startDistance, steer,
} from '../../web/js/flow.js';

test('the resting cushion outlasts a reload that came too early', () => {
  for (const targetDuration of [1, 2, 6, 30]) assert.ok(restingCushion(targetDuration) > targetDuration / 2);
});

test('the resting distance shrinks as the last segment ages, but never below the cushion', () => {
  assert.deepEqual([0, 0.5, 2, 3].map((age) => restingDistance(1.35, 2, age)), [3.35, 2.85, 1.35, 1.35]);
});

test('a start lasts until the next reload', () => {
  assert.equal(startDistance(1.35, 2, 0.2, 1.8), restingDistance(1.35, 2, 0.2));
  assert.ok(startDistance(1.35, 2, 1, 3.2) > 3.2);
});

for (const [rate, low, expected, why] of [
  [1, 1.35, 1, 'nothing to do'],
  [1, 1.45, 1, 'within the deadband'],
  [1, 1.6, FASTER, 'too far behind'],
  [1, 1.1, SLOWER, 'too little in hand'],
  [FASTER, 1.4, FASTER, 'steers all the way'],
  [FASTER, 1.35, 1, 'there'],
  [FASTER, 1.2, 1, 'beyond'],
  [SLOWER, 1.3, SLOWER, 'steers all the way'],
  [SLOWER, 1.35, 1, 'there'],
]) {
  test(`at rate ${rate} with ${low} s of 1.35 s: ${why}`, () => assert.equal(steer(rate, low, 1.35, 0.15), expected));
}

test('corrections stay inaudible', () => {
  assert.ok(FASTER <= 1.005 && SLOWER >= 0.995);
});

test('only what rates would take minutes to win back is worth a jump', () => {
  for (const duration of [0.5, 2, 10]) assert.ok(jumpThreshold(duration) >= 3);
});

test('the low-water mark is a median: one late arrival does not move it', () => {
  const low = new LowWater();
  for (const mark of [1.3, 1.4, 0.1, 1.35]) low.note(mark);
  assert.equal(low.value, null, 'not enough to tell');
  low.note(1.32);
  assert.equal(low.value, 1.32);
  for (const mark of [2, 2, 2]) low.note(mark);
  assert.equal(low.value, 2, 'the oldest are forgotten');
  low.clear();
  assert.equal(low.value, null);
});

test('caution rises with each stall, has a limit, and goes with the calm', () => {
  const caution = new Caution();
  assert.equal(caution.factor(0), 1);
  caution.stall(10);
  assert.equal(caution.factor(10), 1.5);
  assert.equal(caution.factor(130), 1.25);
  for (let i = 0; i < 20; i++) caution.stall(130);
  assert.equal(caution.factor(130), 3);
  assert.ok(caution.factor(130 + 3600) < 1.001);
});
