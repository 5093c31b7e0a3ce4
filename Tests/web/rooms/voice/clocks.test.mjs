import assert from 'node:assert/strict';
import test from 'node:test';
import { CaptureClock } from '../../../../web/rooms/js/voice/capture/capture-clock.js';
import { PacketClock } from '../../../../web/rooms/js/voice/packet-clock.js';
import { StallDetector } from '../../../../web/rooms/js/voice/capture/stall-detector.js';

test('sequence and sample time count the frames', () => {
  const clock = new PacketClock();
  const places = [1000, 1010, 1020].map((at) => clock.next(at));
  assert.deepEqual(places, [0, 1, 2].map((i) => ({ sequence: i, sampleTime: 480 * i })));
});

test('both advance over the time in which nothing was captured', () => {
  const clock = new PacketClock();
  clock.next(0);
  assert.deepEqual(clock.next(310), { sequence: 31, sampleTime: 31 * 480 });
});

test('a microphone that is slow for hours makes no gap', () => {
  const clock = new PacketClock();
  for (let i = 0; i < 1_000_000; i++) {
    const { sequence } = clock.next(10.002 * i);
    if (sequence !== i) assert.fail(`frame ${i} is number ${sequence}`);
  }
});

test('blocks that come late by chance were captured in time', () => {
  const clock = new CaptureClock();
  const times = [];
  for (let i = 0; i < 100; i++) times.push(clock.pageTime(10 * i, 5000 + 10 * i + (i % 10 === 0 ? 0 : i % 7)));
  times.forEach((time, i) => assert.ok(Math.abs(time - (5000 + 10 * i)) < 0.2, `block ${i} at ${time}`));
});

test('the estimate follows a microphone whose clock is slow', () => {
  const clock = new CaptureClock();
  let time = 0;
  for (let i = 0; i < 60_000; i++) time = clock.pageTime(10 * i, 10 * i * 1.0002);
  assert.ok(Math.abs(time - 599_990 * 1.0002) < 1, `${time}`);
});

test('after a clock that stood still the estimate is the new difference at once', () => {
  const clock = new CaptureClock();
  clock.pageTime(1000, 1005);
  clock.forget();
  assert.equal(clock.pageTime(1010, 31_015), 31_015);
});

test('a context that stands still is found out, and one that drifts is not', () => {
  const detector = new StallDetector();
  assert.equal(detector.note(400, 0), false, 'a context that has not begun');
  assert.equal(detector.note(500, 100), false);
  for (let i = 1; i < 100; i++) assert.equal(detector.note(500 + 500 * i, 100 + 499.9 * i), false);
  assert.equal(detector.note(500 + 50_000 + 120, 100 + 49_990), true);
  assert.equal(detector.note(500 + 50_500 + 120, 100 + 50_490), false, 'once');
});
