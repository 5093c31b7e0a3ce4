import assert from 'node:assert/strict';
import test from 'node:test';
import { reconnectDelaySeconds } from '../../../../web/rooms/js/road/backoff.js';
import { RoadChoice } from '../../../../web/rooms/js/road/road-choice.js';

test('the wait doubles from 0.5 s to 30 s, with half of it more or less by chance', () => {
  const waits = (random) => [1, 2, 3, 4, 5, 6, 7, 8, 20].map((attempt) => reconnectDelaySeconds(attempt, random));
  assert.deepEqual(waits(0.5), [0.5, 1, 2, 4, 8, 16, 30, 30, 30]);
  assert.deepEqual(waits(0), waits(0.5).map((seconds) => seconds / 2));
  assert.deepEqual(waits(1), waits(0.5).map((seconds) => seconds * 1.5));
});

/** The roads that follow the losses. A road in capitals is tried at once. */
function roadsAfter(losses) {
  const choice = new RoadChoice();
  return losses.map((loss) => (choice.lost(loss) ? choice.road.toUpperCase() : choice.road));
}

const WORKED = { worked: true, reached: true };
const REFUSED = { worked: false, reached: true };
const UNREACHABLE = { worked: false, reached: false };

for (const [what, losses, roads] of [
  ['a socket that is refused is followed by events at once', [UNREACHABLE], ['EVENTS']],
  ['events that are cut are followed by polling at once', [UNREACHABLE, REFUSED], ['EVENTS', 'POLLING']],
  ['a server that cannot be reached by events either is tried again by socket', [UNREACHABLE, UNREACHABLE], ['EVENTS', 'socket']],
  ['a road that has worked is tried again', [WORKED, UNREACHABLE, UNREACHABLE], ['socket', 'socket', 'socket']],
  ['a road that worked once, and then no more, is left after three attempts',
    [WORKED, UNREACHABLE, UNREACHABLE, UNREACHABLE], ['socket', 'socket', 'socket', 'EVENTS']],
  ['a page with sound stays at a socket that has worked',
    [WORKED, ...Array(5).fill({ ...UNREACHABLE, hasSound: true })], Array(6).fill('socket')],
  ['a page with sound leaves a socket that has never worked', [{ ...UNREACHABLE, hasSound: true }], ['EVENTS']],
  ['events that worked are tried again, and not the socket', [UNREACHABLE, WORKED, UNREACHABLE], ['EVENTS', 'events', 'events']],
  ['after the last road comes the wait', [UNREACHABLE, REFUSED, REFUSED], ['EVENTS', 'POLLING', 'polling']],
  ['polling that cannot reach the server ends at the road that worked last',
    [UNREACHABLE, REFUSED, WORKED, UNREACHABLE, UNREACHABLE, UNREACHABLE],
    ['EVENTS', 'POLLING', 'polling', 'polling', 'polling', 'polling']],
]) {
  test(what, () => assert.deepEqual(roadsAfter(losses), roads));
}

test('in another network, the best road is tried first again', () => {
  const choice = new RoadChoice();
  choice.lost(UNREACHABLE);
  choice.lost(WORKED);
  choice.reset();
  assert.equal(choice.road, 'socket');
});
