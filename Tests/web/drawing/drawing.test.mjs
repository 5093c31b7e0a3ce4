import assert from 'node:assert/strict';
import test from 'node:test';
import { nextReading, onScale } from '../../../web/js/drawing/meter.js';
import { PEAKS_PER_SECOND, barsOf, levelsAt, peaksOf } from '../../../web/js/drawing/peaks.js';
import { CENTER, angleAt, angleOf, arcPath, barCount, barsPath, point } from '../../../web/js/drawing/ring-geometry.js';

const RATE = 48000;

/** Two seconds with one loud sample on the left, at 1 s. */
function click() {
  const left = new Float32Array(2 * RATE).fill(0.1);
  left[RATE] = -0.8;
  return peaksOf([left, new Float32Array(2 * RATE).fill(0.05)], 2 * PEAKS_PER_SECOND);
}

test('a peak is the largest sample of its slice, whatever its sign', () => {
  const { channels: [left, right] } = click();
  assert.equal(left.length, 2 * PEAKS_PER_SECOND);
  assert.equal(left.indexOf(Math.fround(0.8)), PEAKS_PER_SECOND);
  assert.ok(right.every((peak) => peak === Math.fround(0.05)));
});

test('levels are read at the playhead; outside of the segment the nearest level counts', () => {
  const peaks = click();
  assert.deepEqual(levelsAt(peaks, 1.01), [Math.fround(0.8), Math.fround(0.05)]);
  assert.deepEqual(levelsAt(peaks, -1), [Math.fround(0.1), Math.fround(0.05)]);
  assert.deepEqual(levelsAt(peaks, 99), [Math.fround(0.1), Math.fround(0.05)]);
});

test('a bar is the loudest peak of both channels, for any number of bars', () => {
  const bars = barsOf(click(), 4, 2);
  assert.deepEqual(bars, [0.1, 0.1, 0.8, 0.1].map(Math.fround));
  assert.equal(barsOf(click(), 200, 2).length, 200);
});

test('the unknown part of a segment has bars of zero', () => {
  assert.deepEqual(barsOf(click(), 4, 4), [0.1, 0.8, 0, 0].map(Math.fround));
});

test('a segment keeps its slot until the segment one ring later takes the slot', () => {
  assert.equal(Math.floor(angleOf(434822610, 0, 10)), 0);
  assert.equal(Math.floor(angleOf(434822611, 0, 10)), 36);
  assert.equal(angleOf(434822621, 0.5, 10), angleOf(434822611, 0.5, 10));
  assert.ok(angleOf(3, 1, 10) < angleOf(4, 0, 10));
});

test('time runs clockwise from the top', () => {
  assert.deepEqual(point(0, 100), [`${CENTER}.0`, `${CENTER - 100}.0`]);
  assert.deepEqual(point(90, 100), [`${CENTER + 100}.0`, `${CENTER}.0`]);
  assert.match(arcPath(350, 355, 100), /A100 100 0 0 1/);
  assert.match(arcPath(0, 200, 100), /A100 100 0 1 1/);
});

test('a segment has fewer bars in a larger ring, and at least one', () => {
  assert.ok(barCount(3) > barCount(10) && barCount(10) > 10);
  assert.equal(barCount(5000), 1);
});

test('a path has a stroke for each bar of the requested part', () => {
  const bars = [0, 0.5, 1, 0.5];
  assert.equal(barsPath(7, bars, 1, 3, 10).match(/M/g).length, 2);
  assert.equal(barsPath(7, bars, 2, 2, 10), '');
});

test('a click on the ring has an angle, a click beside the ring has none', () => {
  assert.equal(angleAt(CENTER, CENTER - 164), 0);
  assert.equal(angleAt(CENTER - 164, CENTER), 270);
  assert.equal(angleAt(CENTER, CENTER), null);
  assert.equal(angleAt(CENTER + 230, CENTER), null);
});

test('the meter’s scale is in decibels', () => {
  assert.deepEqual([0, 1, 2].map(onScale), [0, 1, 1]);
  assert.ok(Math.abs(onScale(10 ** (-24 / 20)) - 0.5) < 1e-9);
});

test('the meter rises at once, and falls by 20 dB in 1.7 s', () => {
  assert.equal(nextReading(0.2, 1, 0.01), 1);
  assert.ok(Math.abs(nextReading(1, 0, 1.7) - (1 - 20 / 48)) < 1e-9);
  assert.equal(nextReading(0.1, 0, 60), 0);
});
