import assert from 'node:assert/strict';
import test from 'node:test';
import { credibleBehindLive } from '../../../web/js/page/behind-live.js';

const LIVE = { edgeSeconds: 0.4, windowSeconds: 21, openSeconds: 7200, isSounding: true };

for (const [what, seconds, facts, shown] of [
  ['a listener is live', 0.35, LIVE, 0.35],
  ['the clocks differ by a little', -0.2, LIVE, -0.2],
  ['nothing is known', null, LIVE, null],
  ['the clock was set from 1970', 1795948438.7, LIVE, null],
  ['the clock was set, soon after the page was opened', 3600, { ...LIVE, openSeconds: 4 }, null],
  ['the clock was set back by an hour', 3600.35, LIVE, null],
  ['the clock was set ahead by an hour', -3599.65, LIVE, null],
  ['the listener seeks, and the playhead has not moved yet', 0.35, { ...LIVE, edgeSeconds: 20 }, 0.35],
  ['the listener is at the beginning of the ring', 20, { ...LIVE, edgeSeconds: 19.5 }, 20],
  ['the listener has paused for an hour', 3600, { ...LIVE, isSounding: false }, 3600],
  ['the server is gone, and the sound has stopped', 45, { ...LIVE, edgeSeconds: 2, isSounding: false }, 45],
]) {
  test(`behind live: ${what}`, () => assert.equal(credibleBehindLive(seconds, facts), shown));
}
