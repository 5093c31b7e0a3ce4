import assert from 'node:assert/strict';
import test from 'node:test';
import { ServerClock } from '../../web/js/server-clock.js';

test('nothing is presumed before the first answer', () => assert.equal(new ServerClock().at(0), null));

test('the server read its clock half-way', () => {
  const clock = new ServerClock();
  clock.add(1000, 1200, 5_000_000);
  assert.equal(clock.at(1100), 5_000_000);
  assert.equal(clock.at(2100), 5_001_000);
});

test('the shortest round trip is believed', () => {
  const clock = new ServerClock();
  clock.add(0, 10, 5_000_005);
  clock.add(1000, 3000, 5_001_900);
  assert.equal(clock.at(3000), 5_003_000);
});

test('an old answer gives way to a worse one', () => {
  const clock = new ServerClock();
  clock.add(0, 10, 5_000_005);
  clock.add(200_000, 200_100, 5_200_350);
  assert.equal(clock.at(200_100), 5_200_400);
});
