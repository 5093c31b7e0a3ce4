import assert from 'node:assert/strict';
import test from 'node:test';
import { ConnectionSpeed } from '../../../web/js/net/connection-speed.js';

const BITRATE = 192_000;
/** Bytes of a second of sound. */
const SECOND = BITRATE / 8;

/** The verdict after deliveries of [time, seconds of sound]. */
function isTooSlow(deliveries, now, bitrate = BITRATE) {
  const speed = new ConnectionSpeed();
  for (const [at, seconds] of deliveries) speed.received(seconds * SECOND, at);
  return speed.isTooSlow(bitrate, now);
}

/** Deliveries every `interval` seconds from `from` to `to`, with so much sound a second. */
function steady(from, to, interval, rate = 1) {
  const deliveries = [];
  for (let at = from; at < to; at += interval) deliveries.push([at, interval * rate]);
  return deliveries;
}

for (const [what, deliveries, now, verdict] of [
  ['nothing has come', [], 30, false],
  ['sound comes as it is recorded', steady(3.3, 40, 0.12), 40, false],
  ['sound comes frame by frame', steady(3.3, 40, 0.024), 40, false],
  ['whole segments come at once', steady(3.3, 40, 2), 40, false],
  ['the ring is downloaded', steady(3, 6, 0.1, 8), 6, false],
  ['128 kbit/s for a stream of 192', steady(3.3, 40, 0.12, 2 / 3), 40, true],
  ['128 kbit/s for a stream of 192, for five seconds so far', steady(35, 40, 0.12, 2 / 3), 40, false],
  ['a connection that is just fast enough', steady(3.3, 40, 0.12, 0.97), 40, false],
  ['the server was gone for ten seconds', [...steady(3, 20, 0.12), ...steady(30, 40, 0.12)], 40, false],
  ['it was too slow, and is not any more', [...steady(3, 20, 0.12, 0.5), ...steady(20, 41, 0.12)], 41, false],
  ['it was too slow before a pause', steady(3, 20, 0.12, 0.5), 50, false],
]) {
  test(`${verdict ? 'too slow' : 'not too slow'}: ${what}`, () => assert.equal(isTooSlow(deliveries, now), verdict));
}

test('without a bit rate nothing is told', () => {
  assert.equal(isTooSlow(steady(3, 40, 0.12, 0.5), 40, null), false);
});
