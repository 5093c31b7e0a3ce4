import assert from 'node:assert/strict';
import test from 'node:test';

import { TwoTaps } from '../../../../web/studio/js/air/two-taps.js';

test('the second tap acts', () => {
  const taps = new TwoTaps();
  assert.equal(taps.tap(10), false);
  assert.equal(taps.isArmed(11), true);
  assert.equal(taps.tap(11), true);
  assert.equal(taps.isArmed(11), false);
});

test('a tap long after the first one is a first one', () => {
  const taps = new TwoTaps();
  taps.tap(10);
  assert.equal(taps.isArmed(14), false);
  assert.equal(taps.tap(14), false);
  assert.equal(taps.tap(15), true);
});

test('a double click and a held key are one tap', () => {
  const taps = new TwoTaps();
  taps.tap(10);
  assert.equal(taps.tap(10.1), false);
  assert.equal(taps.tap(10.2), false);
  assert.equal(taps.tap(10.6), true);
});

test('a first tap can be forgotten', () => {
  const taps = new TwoTaps();
  taps.tap(10);
  taps.calm();
  assert.equal(taps.armedUntil, null);
  assert.equal(taps.tap(11), false);
});
