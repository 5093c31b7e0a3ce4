import assert from 'node:assert/strict';
import test from 'node:test';
import { FASTER, Latency, SLOWER } from '../../../web/js/playback/latency.js';

const ENGINE = { floor: 0.15, primer: 0, swallows: 0, deadband: 0.03, crossing: 0 };

/** Marks ten times a second, from `at` on; returns when the last one was. */
function feed(latency, marks, at = 0) {
  marks.forEach((mark, i) => latency.arrived(mark, at + i / 10));
  return at + (marks.length - 1) / 10;
}

const many = (mark, count = 30) => new Array(count).fill(mark);

test('corrections stay inaudible', () => assert.ok(FASTER <= 1.005 && SLOWER >= 0.995));

test('the target is what the engine takes, what the way of fetching takes, or what the listener wants', () => {
  const latency = new Latency(ENGINE);
  assert.equal(latency.target(0), 0.15);
  latency.least = 1.35;
  assert.equal(latency.target(0), 1.35);
  latency.wish = 10;
  assert.equal(latency.target(0), 10);
  latency.limit = 4;
  assert.equal(latency.target(0), 4, 'but no more than there is to play');
});

for (const [mark, rate, why] of [
  [0.15, 1, 'nothing to do'],
  [0.17, 1, 'within the deadband'],
  [0.125, 1, 'no shortage to speak of'],
  [0.115, SLOWER, 'a shortage'],
  [0.3, FASTER, 'too much in hand'],
  [0.1, SLOWER, 'too little'],
]) {
  test(`with ${mark} s in hand of 0.15 s: ${why}`, () => {
    const latency = new Latency(ENGINE);
    feed(latency, many(mark));
    assert.equal(latency.rate, rate);
  });
}

test('it steers all the way, and a little beyond where there was too little', () => {
  const latency = new Latency(ENGINE);
  let at = feed(latency, many(0.2));
  at = feed(latency, many(0.16), at + 0.1);
  assert.equal(latency.rate, FASTER);
  at = feed(latency, many(0.149), at + 0.1);
  assert.equal(latency.rate, 1);
  at = feed(latency, many(0.11), at + 0.1);
  at = feed(latency, many(0.16), at + 0.1);
  assert.equal(latency.rate, SLOWER);
  feed(latency, many(0.17), at + 0.1);
  assert.equal(latency.rate, 1);
});

test('to play slower after faster takes more than to play slower again, where that is heard, and the other way round', () => {
  const latency = new Latency({ ...ENGINE, crossing: 0.03 });
  let at = 0;
  for (const [mark, rate] of [
    // It begins as if it had played faster.
    [0.11, 1], [0.19, FASTER], [0.149, 1], [0.1, 1], [0.085, SLOWER], [0.17, 1], [0.2, 1], [0.115, SLOWER], [0.17, 1],
    [0.22, FASTER], [0.149, 1], [0.19, FASTER],
  ]) {
    at = feed(latency, many(mark), at + 0.1);
    assert.equal(latency.rate, rate, `with ${mark}`);
  }
});

test('nothing is known before there are some marks, nor after the playhead has moved', () => {
  const latency = new Latency(ENGINE);
  feed(latency, many(1, 4));
  assert.equal(latency.excess(1), null);
  feed(latency, many(1, 10), 1);
  assert.ok(Math.abs(latency.excess(2) - 0.85) < 1e-9);
  assert.equal(latency.rate, FASTER);
  latency.restart();
  assert.equal(latency.excess(2), null);
  assert.equal(latency.rate, 1);
});

test('one late arrival does not move the usual mark, but is remembered: there is to be enough when it comes again', () => {
  const latency = new Latency(ENGINE);
  const at = feed(latency, [...many(0.3), 0.02, ...many(0.3)]);
  assert.ok(Math.abs(latency.level - 0.3) < 1e-9);
  assert.ok(Math.abs(latency.target(at) - 0.32) < 1e-9, `${latency.target(at)}`);
  assert.ok(latency.target(at + 80) > 0.3, 'for a while');
  assert.equal(latency.target(at + 600), 0.15, 'and is forgotten when it does not');
});

test('a stall raises the target by what was missed', () => {
  const latency = new Latency(ENGINE);
  const at = feed(latency, many(0.15));
  latency.stalled(at);
  latency.arrivedDry(at + 0.3);
  latency.resumed(at + 0.9);
  assert.ok(Math.abs(latency.target(at + 1) - 0.49) < 1e-9, `${latency.target(at + 1)}`);
});

test('an outage does not, unless it comes again', () => {
  const latency = new Latency(ENGINE);
  for (const [at, target] of [[0, 0.15], [40, 5.19]]) {
    const now = feed(latency, many(0.15), at);
    latency.stalled(now);
    latency.arrivedDry(now + 5);
    latency.resumed(now + 5);
    assert.ok(Math.abs(latency.target(now + 5) - target) < 1e-9, `${latency.target(now + 5)}`);
  }
});

test('the target has a limit', () => {
  const latency = new Latency(ENGINE);
  for (let at = 0; at < 100; at += 20) {
    latency.stalled(at);
    latency.arrivedDry(at + 19);
    latency.resumed(at + 19);
  }
  assert.equal(latency.target(100), 10);
});

test('where the playhead is by choice, what is in hand is kept as it is', () => {
  const latency = new Latency(ENGINE);
  latency.restart(true);
  const at = feed(latency, many(14.9));
  assert.equal(latency.rate, 1);
  feed(latency, many(15.1), at + 0.1);
  assert.equal(latency.rate, FASTER);
});

test('a start has what it takes until the second arrival in hand, and no less than the engine begins with', () => {
  const latency = new Latency(ENGINE);
  [latency.interval, latency.firstInterval] = [0.1, 0.05];
  assert.ok(Math.abs(latency.start(0) - 0.2) < 1e-9);
  latency.suit({ ...ENGINE, primer: 0.24 });
  assert.equal(latency.start(0), 0.24);
});

test('a start that knows when more will come has no more in hand than it takes until then', () => {
  const latency = new Latency(ENGINE);
  [latency.interval, latency.firstInterval] = [0.1, 0.05];
  const starts = (at) => Number(latency.start(at).toFixed(6));
  latency.arrivedDry(1);
  assert.equal(starts(1), 0.2, 'what comes first may have been waiting');
  latency.arrivedDry(1.07);
  assert.equal(starts(1.07), 0.25);
  assert.equal(starts(1.13), 0.19);
  assert.equal(starts(1.4), 0.15, 'what is late is about to come');
  latency.restart();
  latency.arrivedDry(1.5);
  assert.equal(starts(1.5), 0.2, 'and somewhere else it has been waiting again');
});

test('it steers when it has seen a second of marks: one or two may be false', () => {
  const latency = new Latency(ENGINE);
  const at = feed(latency, many(0.3, 10));
  assert.equal(latency.rate, 1);
  feed(latency, many(0.3, 2), at + 0.1);
  assert.equal(latency.rate, FASTER);
});

test('a start after a stall has what the engine swallows on top', () => {
  const latency = new Latency({ ...ENGINE, swallows: 0.2 });
  latency.arrivedDry(0);
  assert.equal(latency.start(0), 0.15, 'not the first one');
  const at = feed(latency, many(0.15));
  latency.arrivedDry(at);
  assert.ok(Math.abs(latency.start(at) - 0.35) < 1e-9);
  latency.arrived(0.15, at + 0.1);
  assert.equal(latency.start(at + 0.1), 0.15);
});
