import assert from 'node:assert/strict';
import test from 'node:test';
import { Batch } from '../../../web/js/mp3/batch.js';
import { Intake } from '../../../web/js/mp3/intake.js';
import { concat, frame, timestampTag } from './frames.mjs';

const FRAME = 1152 / 48000;
const ENTRY = { sequence: 7, date: 1_000_000, duration: 2 };
const frames = (count) => concat(...Array.from({ length: count }, () => frame()));

test('what comes of a segment is handed on with its place and its date', () => {
  const intake = new Intake(ENTRY, 0);
  const first = intake.push(concat(timestampTag(), frames(4)));
  assert.deepEqual([first.sequence, first.offset, first.date, first.frames.length], [7, 0, 1_000_000, 4]);
  assert.equal(first.format.sampleRate, 48000);
  const second = intake.push(frames(3));
  assert.ok(Math.abs(second.offset - 4 * FRAME) < 1e-9 && Math.abs(second.duration - 3 * FRAME) < 1e-9);
  assert.ok(Math.abs(second.date - 1_000_096) < 1e-6);
  assert.ok(Math.abs(intake.finish() - 7 * FRAME) < 1e-9);
});

test('bytes that complete no frame are nothing yet', () => {
  const intake = new Intake(ENTRY, 0);
  assert.equal(intake.push(timestampTag()), null);
  assert.equal(intake.push(frame().subarray(0, 200)), null);
  assert.equal(intake.push(frame().subarray(200)).frames.length, 1);
});

test('what is not wanted is left out, in whole frames', () => {
  const intake = new Intake(ENTRY, 5.5 * FRAME);
  assert.equal(intake.push(frames(4)), null);
  const piece = intake.push(frames(4));
  assert.equal(piece.frames.length, 3);
  assert.ok(Math.abs(piece.offset - 5 * FRAME) < 1e-9);
});

test('a segment that was in hand up to a frame goes on with the next', () => {
  const intake = new Intake(ENTRY, 83 * FRAME);
  assert.equal(intake.push(frames(83)), null);
  assert.equal(intake.push(frames(1)).frames.length, 1);
});

test('no date, no date', () => assert.equal(new Intake({ ...ENTRY, date: null }, 0).push(frames(1)).date, null));

function batch(...counts) {
  const [intake, batch] = [new Intake(ENTRY, 0), new Batch()];
  for (const count of counts) batch.add(intake.push(frames(count)));
  return batch;
}

test('a batch is trimmed to what is enough, by whole frames', () => {
  const held = batch(4, 4, 4);
  held.trim(5.5 * FRAME);
  assert.ok(Math.abs(held.seconds - 6 * FRAME) < 1e-9);
  const [first, second] = held.take();
  assert.equal(first.frames.length, 2);
  assert.ok(Math.abs(first.offset - 6 * FRAME) < 1e-9 && Math.abs(first.date - 1_000_144) < 1e-6);
  assert.equal(second.frames.length, 4);
  assert.equal(held.seconds, 0);
});

test('what is not enough is not trimmed, and less than nothing leaves nothing', () => {
  const held = batch(4);
  held.trim(1);
  assert.ok(Math.abs(held.seconds - 4 * FRAME) < 1e-9);
  held.trim(-1);
  assert.equal(held.seconds, 0);
  assert.equal(held.format, undefined);
});
