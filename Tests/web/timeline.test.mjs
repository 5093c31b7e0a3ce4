import assert from 'node:assert/strict';
import test from 'node:test';
import { Timeline } from '../../web/js/timeline.js';

const DATE = Date.UTC(2026, 10, 21, 7);

function timeline(...spans) {
  const timeline = new Timeline();
  for (const [sequence, end, date = null, skipped = 0] of spans) timeline.append({ sequence, date }, end, skipped);
  return timeline;
}

test('segments stand one after the other', () => {
  const line = timeline([7, 2, DATE], [8, 4.5, DATE + 2000]);
  assert.equal(line.end, 4.5);
  assert.equal(line.at(0).sequence, 7);
  assert.equal(line.at(1.999).sequence, 7);
  assert.equal(line.at(2).sequence, 8);
  assert.equal(line.at(4.5), undefined);
});

test('media time to date, across a discontinuity of the dates', () => {
  const line = timeline([7, 2, DATE], [8, 4, DATE + 60_000]);
  assert.equal(line.dateAt(1.5), DATE + 1500);
  assert.equal(line.dateAt(2.25), DATE + 60_250);
  assert.equal(line.dateAt(4), DATE + 62_000, 'at the end, the end');
  assert.equal(line.dateAt(9), DATE + 62_000);
  assert.equal(timeline([7, 2]).dateAt(1), null, 'no date, no date');
  assert.equal(timeline().dateAt(0), null);
});

test('a segment whose beginning was left out', () => {
  const line = timeline([7, 1.5, DATE, 0.5], [8, 3.5, DATE + 2000]);
  assert.equal(line.dateAt(0), DATE + 500);
  assert.equal(line.find(7, 0.75), 0.25);
  assert.equal(line.find(7, 0.25), undefined, 'what was left out is not there');
});

test('a segment that was appended twice is found where the present run has it', () => {
  const line = timeline([7, 2], [8, 4], [9, 6], [7, 8], [8, 10]);
  assert.equal(line.find(7, 0), 6);
  assert.equal(line.find(8, 1), 9);
  assert.equal(line.find(9, 0), undefined, 'the one from before the leap is not joined to the end');
  assert.equal(line.find(6, 0), undefined);
});

test('what has ended is forgotten', () => {
  const line = timeline([7, 2], [8, 4], [9, 6]);
  line.evict(4);
  assert.equal(line.at(3), undefined);
  assert.equal(line.at(5).sequence, 9);
  line.evict(100);
  assert.equal(line.last, undefined);
  assert.equal(line.end, 6, 'the end stays where it is');
});
