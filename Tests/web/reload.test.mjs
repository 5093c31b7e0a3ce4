import assert from 'node:assert/strict';
import test from 'node:test';
import { ReloadTimer, retryDelay } from '../../web/js/reload.js';

const LOAD = { changed: true, edgeAge: 0.1, segmentDuration: 2, lastDuration: 2, targetDuration: 2, distance: 3 };
const delay = (load, timer = new ReloadTimer()) => timer.delay({ ...LOAD, ...load });
const near = (actual, expected) => assert.ok(Math.abs(actual - expected) < 1e-9, `${actual} is ${expected}`);

test('an unchanged playlist is asked for after half a target duration', () => near(delay({ changed: false }), 1));

test('a changed one not before its last segment’s duration is over', () => {
  for (const edgeAge of [null, -3, 0, 0.2, 0.9, 1.9, 50]) assert.ok(delay({ edgeAge }) >= 2, `${edgeAge}`);
});

test('without a clock, just then', () => near(delay({ edgeAge: null }), 2));

test('a load that came right after the segment did is followed by one right after the next', () => {
  const timer = new ReloadTimer();
  timer.delay({ ...LOAD, edgeAge: 0.1 });
  // The segments of one grid alternate in length, so that the next may be due a little later than the last was long.
  near(delay({ edgeAge: 0.09, lastDuration: 1.992 }, timer), 2);
});

test('a late load skips to just after the next but one, where the cushion lasts so long', () => {
  const lenient = delay({ edgeAge: 1.2, distance: 10 });
  assert.ok(lenient > 2 && lenient < 4, `${lenient}`);
  near(delay({ edgeAge: 1.2, distance: 3 }), 2);
});

test('a load that came too early moves the next ones', () => {
  const timer = new ReloadTimer();
  timer.delay({ ...LOAD, edgeAge: 0.05 });
  const before = delay({ edgeAge: 0.05 }, timer);
  timer.delay({ ...LOAD, changed: false, edgeAge: 2.05 });
  assert.ok(delay({ edgeAge: 0.3 }, timer) >= 2);
  const after = delay({ edgeAge: 0.15 }, timer);
  assert.ok(after + 0.15 > before + 0.05, `${after} aims later than ${before}`);
});

test('dates that are far off only shift what is learnt', () => {
  const timer = new ReloadTimer();
  timer.delay({ ...LOAD, edgeAge: -40 });
  near(delay({ edgeAge: -40 }, timer), 2);
});

test('retries come more and more seldom, up to a limit, and not all at once', () => {
  const middle = [1, 2, 3, 4, 5, 50].map((attempt) => retryDelay(attempt, 0.5));
  assert.deepEqual(middle, [0.5, 1, 2, 4, 5, 5]);
  assert.equal(retryDelay(50, 0), 3.75);
  assert.equal(retryDelay(50, 1), 6.25);
});
