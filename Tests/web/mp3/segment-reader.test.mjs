import assert from 'node:assert/strict';
import test from 'node:test';
import { FrameBatch } from '../../../web/js/mp3/frame-batch.js';
import { SegmentReader } from '../../../web/js/mp3/segment-reader.js';
import { concat, frame, timestampTag } from './frames.mjs';

const FRAME_SECONDS = 1152 / 48000;
const ENTRY = { sequence: 7, date: 1_000_000, durationSeconds: 2 };
const frames = (count) => concat(...Array.from({ length: count }, () => frame()));

test('the frames of a segment are handed on with their place and date', () => {
  const reader = new SegmentReader(ENTRY, 0);
  const first = reader.push(concat(timestampTag(), frames(4)));
  assert.deepEqual([first.sequence, first.offsetSeconds, first.date, first.frames.length], [7, 0, 1_000_000, 4]);
  assert.equal(first.format.sampleRate, 48000);
  const second = reader.push(frames(3));
  assert.ok(Math.abs(second.offsetSeconds - 4 * FRAME_SECONDS) < 1e-9);
  assert.ok(Math.abs(second.durationSeconds - 3 * FRAME_SECONDS) < 1e-9);
  assert.ok(Math.abs(second.date - 1_000_096) < 1e-6);
  assert.ok(Math.abs(reader.finish() - 7 * FRAME_SECONDS) < 1e-9);
});

test('bytes that complete no frame give no piece', () => {
  const reader = new SegmentReader(ENTRY, 0);
  assert.equal(reader.push(timestampTag()), null);
  assert.equal(reader.push(frame().subarray(0, 200)), null);
  assert.equal(reader.push(frame().subarray(200)).frames.length, 1);
});

test('the frames before the offset are left out', () => {
  const reader = new SegmentReader(ENTRY, 5.5 * FRAME_SECONDS);
  assert.equal(reader.push(frames(4)), null);
  const piece = reader.push(frames(4));
  assert.equal(piece.frames.length, 3);
  assert.ok(Math.abs(piece.offsetSeconds - 5 * FRAME_SECONDS) < 1e-9);
});

test('a segment that is downloaded up to a frame continues with the next frame', () => {
  const reader = new SegmentReader(ENTRY, 83 * FRAME_SECONDS);
  assert.equal(reader.push(frames(83)), null);
  assert.equal(reader.push(frames(1)).frames.length, 1);
});

test('a segment without a date gives pieces without a date', () => {
  assert.equal(new SegmentReader({ ...ENTRY, date: null }, 0).push(frames(1)).date, null);
});

function batch(...counts) {
  const [reader, batch] = [new SegmentReader(ENTRY, 0), new FrameBatch()];
  for (const count of counts) batch.add(reader.push(frames(count)));
  return batch;
}

test('a batch is trimmed by whole frames to at least the given duration', () => {
  const held = batch(4, 4, 4);
  held.trim(5.5 * FRAME_SECONDS);
  assert.ok(Math.abs(held.seconds - 6 * FRAME_SECONDS) < 1e-9);
  const [first, second] = held.take();
  assert.equal(first.frames.length, 2);
  assert.ok(Math.abs(first.offsetSeconds - 6 * FRAME_SECONDS) < 1e-9 && Math.abs(first.date - 1_000_144) < 1e-6);
  assert.equal(second.frames.length, 4);
  assert.equal(held.seconds, 0);
});

test('a batch that is too short is not trimmed, and a negative duration leaves it empty', () => {
  const held = batch(4);
  held.trim(1);
  assert.ok(Math.abs(held.seconds - 4 * FRAME_SECONDS) < 1e-9);
  held.trim(-1);
  assert.equal(held.seconds, 0);
  assert.equal(held.format, undefined);
});
