import assert from 'node:assert/strict';
import test from 'node:test';

import { LevelReading } from '../../../../web/studio/js/level/level-reading.js';
import { FLOOR_DB, MARKS_DB, decibels, levelText, onScale } from '../../../../web/studio/js/level/scale.js';

const near = (value, expected) => assert.ok(Math.abs(value - expected) < 1e-6, `${value}, not ${expected}`);

test('the scale has silence at its beginning and full scale at its end', () => {
  near(decibels(1), 0);
  near(decibels(0.1), -20);
  near(decibels(0), -120);
  assert.equal(onScale(-120), 0);
  assert.equal(onScale(FLOOR_DB), 0);
  assert.equal(onScale(-30), 0.5);
  assert.equal(onScale(0), 1);
  assert.equal(onScale(3), 1);
  assert.deepEqual([...MARKS_DB].sort((a, b) => a - b), MARKS_DB);
});

test('a level in words', () => {
  assert.equal(levelText(-60), 'silent');
  assert.equal(levelText(-18.4), '−18 dB');
  assert.equal(levelText(-0.2), '0 dB');
});

test('the reading rises at once and falls by 20 dB in 1.7 s', () => {
  const reading = new LevelReading();
  reading.update(-10, 0);
  assert.equal(reading.level, -10);
  reading.update(-120, 0.85);
  near(reading.level, -20);
  reading.update(-5, 0.9);
  assert.equal(reading.level, -5);
  reading.update(-120, 60);
  assert.equal(reading.level, FLOOR_DB);
});

test('the peak stands for 1.5 s and falls then', () => {
  const reading = new LevelReading();
  reading.update(-6, 0);
  for (let now = 0.1; now < 1.5; now += 0.1) reading.update(-120, now);
  assert.equal(reading.peak, -6);
  for (let now = 1.6; now < 3.3; now += 0.1) reading.update(-120, now);
  assert.ok(reading.peak < -20 && reading.peak > -30, String(reading.peak));
  reading.update(-3, 4);
  assert.equal(reading.peak, -3);
});

test('the peak is never below the level', () => {
  const reading = new LevelReading();
  reading.update(-6, 0);
  reading.update(-20, 10);
  assert.ok(reading.peak >= reading.level);
});
