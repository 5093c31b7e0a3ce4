import assert from 'node:assert/strict';
import test from 'node:test';
import { ServerClock } from '../../../web/js/net/server-clock.js';

test('the time is unknown before the first answer', () => assert.equal(new ServerClock().at(0), null));

test('the server is taken to have read its clock half-way', () => {
  const clock = new ServerClock();
  clock.add(1000, 1200, 5_000_000);
  assert.equal(clock.at(1100), 5_000_000);
  assert.equal(clock.at(2100), 5_001_000);
});

test('the answer with the shortest round trip counts', () => {
  const clock = new ServerClock();
  clock.add(0, 10, 5_000_005);
  clock.add(1000, 3000, 5_001_900);
  assert.equal(clock.at(3000), 5_003_000);
});

test('a new answer replaces an old one, even with a longer round trip', () => {
  const clock = new ServerClock();
  clock.add(0, 10, 5_000_005);
  clock.add(200_000, 200_100, 5_200_350);
  assert.equal(clock.at(200_100), 5_200_400);
});

for (const set of [3_600_000, -3_600_000, 1000]) {
  test(`when the server's clock is set by ${set} ms, the next answer counts`, () => {
    const clock = new ServerClock();
    for (let at = 0; at < 100_000; at += 10_000) assert.equal(clock.add(at, at + 4, 5_000_002 + at), false);
    assert.equal(clock.add(100_000, 100_300, 5_100_150 + set), true);
    assert.equal(clock.at(100_300), 5_100_300 + set);
    assert.equal(clock.add(110_000, 110_004, 5_110_002 + set), false);
    assert.equal(clock.at(110_004), 5_110_004 + set);
  });
}

test('answers of clocks that drift apart don’t contradict each other', () => {
  const clock = new ServerClock();
  clock.add(0, 4, 5_000_002);
  // 500 ppm in 110 s.
  assert.equal(clock.add(110_000, 110_400, 5_110_200 + 55), false);
  assert.equal(clock.at(110_000), 5_110_000);
});

test('the freshest of several cached answers counts, and none contradicts another', () => {
  const clock = new ServerClock();
  [1900, 700, 30, 1200].forEach((age, i) => {
    const at = 10_000 * i;
    assert.equal(clock.add(at, at + 4, 5_000_002 + at - age, 2000), false);
  });
  assert.equal(clock.at(40_000), 5_040_000 - 30);
});

test('a cached answer counts where it differs by more than the cache explains', () => {
  for (const set of [60_000, -60_000]) {
    const clock = new ServerClock();
    clock.add(0, 4, 5_000_002, 2000);
    assert.equal(clock.add(10_000, 10_004, 5_010_002 + set, 2000), true);
    assert.equal(clock.at(10_002), 5_010_002 + set);
  }
});
