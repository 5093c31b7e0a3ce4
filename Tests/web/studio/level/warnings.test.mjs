import assert from 'node:assert/strict';
import test from 'node:test';

import { Warnings } from '../../../../web/studio/js/level/warnings.js';

/** Notes a level each tenth of a second, from `from` to `to` seconds. */
function hear(warnings, db, from, to) {
  for (let now = from; now <= to + 1e-9; now += 0.1) warnings.noteLevel(db, now);
}

test('a microphone without sound for 5 s is warned of, until there is sound', () => {
  const warnings = new Warnings();
  warnings.begin(10);
  hear(warnings, -90, 10, 14.8);
  assert.deepEqual(warnings.at(14.9), []);
  assert.deepEqual(warnings.at(15), ['silent']);
  warnings.noteLevel(-30, 15.1);
  assert.deepEqual(warnings.at(15.1), []);
});

test('a page without a microphone has no warning of silence', () => {
  const warnings = new Warnings();
  assert.deepEqual(warnings.at(100), []);
  warnings.begin(10);
  warnings.end();
  assert.deepEqual(warnings.at(100), []);
});

test('the warning of clipping stays for a while', () => {
  const warnings = new Warnings();
  warnings.begin(0);
  hear(warnings, -1, 0, 1);
  assert.deepEqual(warnings.at(1), []);
  warnings.noteLevel(0, 1.1);
  assert.deepEqual(warnings.at(5), ['clipped']);
  assert.deepEqual(warnings.at(5.2), []);
});

test('another microphone begins without warnings', () => {
  const warnings = new Warnings();
  warnings.begin(0);
  warnings.noteLevel(0, 1);
  warnings.noteEcho(1);
  warnings.begin(2);
  assert.deepEqual(warnings.at(2), []);
});

test('the warning of an echo lasts longer than the server waits before the next one', () => {
  const warnings = new Warnings();
  warnings.begin(0);
  warnings.noteEcho(10);
  hear(warnings, -20, 10, 46);
  assert.deepEqual(warnings.at(41), ['echo']);
  assert.deepEqual(warnings.at(46), []);
});

test('a delay that lasts is warned of, a single one is not', () => {
  const warnings = new Warnings();
  warnings.begin(0);
  hear(warnings, -20, 0, 10);
  warnings.noteDelay(500, 5);
  assert.deepEqual(warnings.at(6), []);
  warnings.noteDelay(120, 6);
  warnings.noteDelay(500, 7);
  warnings.noteDelay(480, 9);
  assert.deepEqual(warnings.at(9), []);
  assert.deepEqual(warnings.at(10), ['late']);
  warnings.noteDelay(200, 10.1);
  assert.deepEqual(warnings.at(10.1), []);
});

test('silence is named before all else', () => {
  const warnings = new Warnings();
  warnings.begin(0);
  warnings.noteEcho(4);
  assert.deepEqual(warnings.at(6), ['silent', 'echo']);
});
