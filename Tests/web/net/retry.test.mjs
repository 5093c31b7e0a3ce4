import assert from 'node:assert/strict';
import test from 'node:test';
import { reloadDelaySeconds, retryDelaySeconds } from '../../../web/js/net/retry.js';

test('a changed playlist is loaded after a segment’s duration, an unchanged one after half a target duration', () => {
  assert.equal(reloadDelaySeconds(true, 1.9, 2), 1.9);
  assert.equal(reloadDelaySeconds(false, 1.9, 2), 1);
});

test('the time between retries grows up to a limit, and is random', () => {
  const middle = [1, 2, 3, 4, 5, 50].map((attempt) => retryDelaySeconds(attempt, 0.5));
  assert.deepEqual(middle, [0.5, 1, 2, 4, 5, 5]);
  assert.equal(retryDelaySeconds(50, 0), 3.75);
  assert.equal(retryDelaySeconds(50, 1), 6.25);
});
