import assert from 'node:assert/strict';
import test from 'node:test';
import { FASTER, Cushion, SLOWER } from '../../../web/js/playback/cushion.js';

const ENGINE = {
  floorSeconds: 0.15, primerSeconds: 0, outputSeconds: 0, lostAfterStallSeconds: 0, deadbandSeconds: 0.03,
  crossingSeconds: 0,
};

/** Ten low-water marks a second from `at` on. Returns the time of the last one. */
function feed(cushion, marks, at = 0) {
  marks.forEach((markSeconds, i) => cushion.arrived(markSeconds, at + i / 10));
  return at + (marks.length - 1) / 10;
}

const many = (markSeconds, count = 30) => new Array(count).fill(markSeconds);

test('the correcting rates are inaudible', () => assert.ok(FASTER <= 1.005 && SLOWER >= 0.995));

test('the target is the largest of three: the engine’s floor, the minimum of the arrivals, the listener’s request', () => {
  const cushion = new Cushion(ENGINE);
  assert.equal(cushion.targetSeconds(0), 0.15);
  cushion.expectArrivals({ intervalSeconds: 0, firstIntervalSeconds: 0, minimumSeconds: 1.35 });
  assert.equal(cushion.targetSeconds(0), 1.35);
  cushion.request(10);
  assert.equal(cushion.targetSeconds(0), 10);
  cushion.limitTo(4);
  assert.equal(cushion.targetSeconds(0), 4, 'but no more than there is to play');
});

for (const [markSeconds, rate, why] of [
  [0.15, 1, 'nothing to do'],
  [0.17, 1, 'within the deadband'],
  [0.125, 1, 'the shortage is too small to correct'],
  [0.115, SLOWER, 'a shortage'],
  [0.3, FASTER, 'the cushion is too large'],
  [0.1, SLOWER, 'the cushion is too small'],
]) {
  test(`with ${markSeconds} s at a target of 0.15 s: ${why}`, () => {
    const cushion = new Cushion(ENGINE);
    feed(cushion, many(markSeconds));
    assert.equal(cushion.rate, rate);
  });
}

test('a correction ends at the target, or slightly above it where the cushion was too small', () => {
  const cushion = new Cushion(ENGINE);
  let at = feed(cushion, many(0.2));
  at = feed(cushion, many(0.16), at + 0.1);
  assert.equal(cushion.rate, FASTER);
  at = feed(cushion, many(0.149), at + 0.1);
  assert.equal(cushion.rate, 1);
  at = feed(cushion, many(0.11), at + 0.1);
  at = feed(cushion, many(0.16), at + 0.1);
  assert.equal(cushion.rate, SLOWER);
  feed(cushion, many(0.17), at + 0.1);
  assert.equal(cushion.rate, 1);
});

test('where a change between slower and faster is audible, it needs a larger error than the same correction again', () => {
  const cushion = new Cushion({ ...ENGINE, crossingSeconds: 0.03 });
  let at = 0;
  for (const [markSeconds, rate] of [
    // The cushion begins as if it had played faster.
    [0.11, 1], [0.19, FASTER], [0.149, 1], [0.1, 1], [0.085, SLOWER], [0.17, 1], [0.2, 1], [0.115, SLOWER], [0.17, 1],
    [0.22, FASTER], [0.149, 1], [0.19, FASTER],
  ]) {
    at = feed(cushion, many(markSeconds), at + 0.1);
    assert.equal(cushion.rate, rate, `with ${markSeconds}`);
  }
});

test('the excess is unknown before there are enough marks, and after the playhead has moved', () => {
  const cushion = new Cushion(ENGINE);
  feed(cushion, many(1, 4));
  assert.equal(cushion.excessSeconds(1), null);
  feed(cushion, many(1, 10), 1);
  assert.ok(Math.abs(cushion.excessSeconds(2) - 0.85) < 1e-9);
  assert.equal(cushion.rate, FASTER);
  cushion.restart();
  assert.equal(cushion.excessSeconds(2), null);
  assert.equal(cushion.rate, 1);
});

test('one late delivery does not change the mean mark, but raises the target for a while', () => {
  const cushion = new Cushion(ENGINE);
  const at = feed(cushion, [...many(0.3), 0.02, ...many(0.3)]);
  assert.ok(Math.abs(cushion.levelSeconds - 0.3) < 1e-9);
  assert.ok(Math.abs(cushion.targetSeconds(at) - 0.32) < 1e-9, `${cushion.targetSeconds(at)}`);
  assert.ok(cushion.targetSeconds(at + 80) > 0.3, 'for a while');
  assert.equal(cushion.targetSeconds(at + 600), 0.15, 'and is forgotten when it does not come again');
});

test('a stall raises the target by the length of the silence', () => {
  const cushion = new Cushion(ENGINE);
  const at = feed(cushion, many(0.15));
  cushion.stalled(at);
  cushion.arrivedWhileStarved(at + 0.3);
  cushion.resumed(at + 0.9);
  assert.ok(Math.abs(cushion.targetSeconds(at + 1) - 0.49) < 1e-9, `${cushion.targetSeconds(at + 1)}`);
});

test('an outage raises the target only when it comes again', () => {
  const cushion = new Cushion(ENGINE);
  for (const [at, targetSeconds] of [[0, 0.15], [40, 5.19]]) {
    const now = feed(cushion, many(0.15), at);
    cushion.stalled(now);
    cushion.arrivedWhileStarved(now + 5);
    cushion.resumed(now + 5);
    assert.ok(Math.abs(cushion.targetSeconds(now + 5) - targetSeconds) < 1e-9, `${cushion.targetSeconds(now + 5)}`);
  }
});

test('the target is at most ten seconds', () => {
  const cushion = new Cushion(ENGINE);
  for (let at = 0; at < 100; at += 20) {
    cushion.stalled(at);
    cushion.arrivedWhileStarved(at + 19);
    cushion.resumed(at + 19);
  }
  assert.equal(cushion.targetSeconds(100), 10);
});

test('where the listener has chosen a place, the cushion keeps its size', () => {
  const cushion = new Cushion(ENGINE);
  cushion.restart(true);
  const at = feed(cushion, many(14.9));
  assert.equal(cushion.rate, 1);
  feed(cushion, many(15.1), at + 0.1);
  assert.equal(cushion.rate, FASTER);
});

test('a start needs the target and the time until the second delivery, and at least the primer', () => {
  const cushion = new Cushion(ENGINE);
  cushion.expectArrivals({ intervalSeconds: 0.1, firstIntervalSeconds: 0.05, minimumSeconds: 0 });
  assert.ok(Math.abs(cushion.startSeconds(0) - 0.2) < 1e-9);
  cushion.useEngine({ ...ENGINE, primerSeconds: 0.24 });
  assert.equal(cushion.startSeconds(0), 0.24);
});

test('a start that knows the next delivery needs only the time until it', () => {
  const cushion = new Cushion(ENGINE);
  cushion.expectArrivals({ intervalSeconds: 0.1, firstIntervalSeconds: 0.05, minimumSeconds: 0 });
  const starts = (at) => Number(cushion.startSeconds(at).toFixed(6));
  cushion.arrivedWhileStarved(1);
  assert.equal(starts(1), 0.2, 'the first delivery may have waited at the server');
  cushion.arrivedWhileStarved(1.07);
  assert.equal(starts(1.07), 0.25);
  assert.equal(starts(1.13), 0.19);
  assert.equal(starts(1.4), 0.15, 'a late delivery is about to come');
  cushion.restart();
  cushion.arrivedWhileStarved(1.5);
  assert.equal(starts(1.5), 0.2, 'and at another place it may have waited again');
});

test('the rate changes after a second of marks, because single marks may be wrong', () => {
  const cushion = new Cushion(ENGINE);
  const at = feed(cushion, many(0.3, 10));
  assert.equal(cushion.rate, 1);
  feed(cushion, many(0.3, 2), at + 0.1);
  assert.equal(cushion.rate, FASTER);
});

test('a start after a stall also needs the part that the engine skips', () => {
  const cushion = new Cushion({ ...ENGINE, lostAfterStallSeconds: 0.2 });
  cushion.arrivedWhileStarved(0);
  assert.equal(cushion.startSeconds(0), 0.15, 'not the first one');
  const at = feed(cushion, many(0.15));
  cushion.arrivedWhileStarved(at);
  assert.ok(Math.abs(cushion.startSeconds(at) - 0.35) < 1e-9);
  cushion.arrived(0.15, at + 0.1);
  assert.equal(cushion.startSeconds(at + 0.1), 0.15);
});
