import assert from 'node:assert/strict';
import test from 'node:test';
import { Timeline } from '../../../../web/js/playback/engines/timeline.js';

const DATE = Date.UTC(2026, 10, 21, 7);

function timeline(...spans) {
  const timeline = new Timeline();
  for (const [sequence, end, date = null, offsetSeconds = 0] of spans) timeline.append({ sequence, offsetSeconds, date }, end);
  return timeline;
}

test('segments follow each other', () => {
  const line = timeline([7, 2, DATE], [8, 4.5, DATE + 2000]);
  assert.equal(line.end, 4.5);
  assert.equal(line.at(0).sequence, 7);
  assert.equal(line.at(1.999).sequence, 7);
  assert.equal(line.at(2).sequence, 8);
  assert.equal(line.at(4.5), undefined);
});

test('media time maps to dates across a discontinuity', () => {
  const line = timeline([7, 2, DATE], [8, 4, DATE + 60_000]);
  assert.equal(line.heardAt(1.5).date, DATE + 1500);
  assert.equal(line.heardAt(2.25).date, DATE + 60_250);
  assert.equal(line.heardAt(4).date, DATE + 62_000, 'at the end, the end');
  assert.equal(line.heardAt(9).date, DATE + 62_000);
  assert.equal(timeline([7, 2]).heardAt(1).date, null, 'no date, no date');
  assert.equal(timeline().heardAt(0).date, null);
});

test('a segment may lack its beginning', () => {
  const line = timeline([7, 1.5, DATE + 500, 0.5], [8, 3.5, DATE + 2000]);
  assert.equal(line.heardAt(0).date, DATE + 500);
  assert.equal(line.find(7, 0.75), 0.25);
  assert.equal(line.find(7, 0.25), undefined, 'what was left out is not there');
});

test('a segment that was appended twice is found in the present run', () => {
  const line = timeline([7, 2], [8, 4], [9, 6], [7, 8], [8, 10]);
  assert.equal(line.find(7, 0), 6);
  assert.equal(line.find(8, 1), 9);
  assert.equal(line.find(9, 0), undefined, 'the one from before the leap is not joined to the end');
  assert.equal(line.find(6, 0), undefined);
});

test('spans that have ended are forgotten', () => {
  const line = timeline([7, 2], [8, 4], [9, 6]);
  line.evict(4);
  assert.equal(line.at(3), undefined);
  assert.equal(line.at(5).sequence, 9);
  line.evict(100);
  assert.equal(line.position, null);
  assert.equal(line.end, 6, 'the end stays where it is');
});

test('the pieces of a segment are one span', () => {
  const line = timeline([7, 2, DATE], [8, 2.096, DATE + 2000], [8, 2.192, DATE + 2096, 0.096]);
  assert.equal(line.position.sequence, 8);
  assert.ok(Math.abs(line.position.offsetSeconds - 0.192) < 1e-9);
  assert.equal(line.at(2.1).start, 2);
  assert.equal(line.heardAt(2.15).date, DATE + 2150);
  assert.equal(line.find(8, 0.1), 2.1);
  assert.equal(line.find(8, 0.3), undefined, 'the rest has not come yet');
  assert.equal(line.find(7, 1), 1);
});

test('a gap in the middle of a segment ends the run', () => {
  const line = timeline([7, 2], [8, 2.5], [8, 3, null, 1.5]);
  assert.equal(line.find(8, 1.7), 2.7);
  assert.equal(line.find(8, 0.2), undefined);
  assert.equal(line.find(7, 1), undefined);
});
