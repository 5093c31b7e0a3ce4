import assert from 'node:assert/strict';
import test from 'node:test';
import { PacketClock } from '../../../../web/rooms/js/voice/packet-clock.js';
import { picturePieces } from '../../../../web/studio/js/picture/picture-pieces.js';
import { PieceSender } from '../../../../web/studio/js/picture/piece-sender.js';
import { StillPlan, stillSize } from '../../../../web/studio/js/picture/still-plan.js';

test('a still is 640 pixels wide, or high where it is upright, and never enlarged', () => {
  assert.deepEqual(stillSize({ width: 1280, height: 720 }), { width: 640, height: 360 });
  assert.deepEqual(stillSize({ width: 1080, height: 1920 }), { width: 360, height: 640 });
  assert.deepEqual(stillSize({ width: 320, height: 240 }), { width: 320, height: 240 });
  assert.deepEqual(stillSize({ width: 4000, height: 20 }), { width: 640, height: 16 });
});

test('while the line is busy no still is made, and the next ones are smaller', () => {
  const plan = new StillPlan();
  const { quality } = plan;
  assert.equal(plan.mayMake(2000), true);
  assert.equal(plan.mayMake(2001), false);
  assert.ok(plan.quality < quality);
  assert.equal(plan.dropped, 1);
});

test('the quality follows the size of the stills, within its bounds', () => {
  const plan = new StillPlan();
  for (let i = 0; i < 50; i++) assert.equal(plan.maySend(60_000), true);
  assert.ok(Math.abs(plan.quality - 0.3) < 1e-9);
  for (let i = 0; i < 50; i++) plan.maySend(10_000);
  assert.ok(Math.abs(plan.quality - 0.8) < 1e-9);
  assert.equal(plan.maySend(100 * 1024 + 1), false);
});

test('the pieces of a still are as docs/rooms.md says', () => {
  const jpeg = Uint8Array.from({ length: 4000 }, (_, i) => i % 251);
  const pieces = picturePieces({ sequence: 7, sampleTime: 2 ** 32 + 5 }, jpeg).map((piece) => new Uint8Array(piece));
  assert.deepEqual(pieces.map(({ length }) => length), [1936, 1936, 176]);
  assert.deepEqual(pieces.map((piece) => piece[3]), [1, 0, 2]);
  assert.deepEqual([...pieces[1].subarray(0, 16)], [1, 2, 0, 0, 0, 0, 0, 7, 0, 0, 0, 1, 0, 0, 0, 5]);
  assert.deepEqual(pieces.flatMap((piece) => [...piece.subarray(16)]), [...jpeg]);
  assert.equal(new Uint8Array(picturePieces({ sequence: 0, sampleTime: 0 }, jpeg.subarray(0, 9))[0])[3], 3);
});

test('a piece goes only while nothing waits in front of the next sound packet', () => {
  const sent = [];
  const road = { waitingBytes: 0, sendSound: (piece) => sent.push(piece) };
  const sender = new PieceSender(road);
  sender.send(['a', 'b', 'c'], 0);
  assert.deepEqual(sent, ['a']);
  road.waitingBytes = 1936;
  sender.goOn(10);
  assert.deepEqual(sent, ['a']);
  road.waitingBytes = 0;
  sender.goOn(20);
  sender.goOn(30);
  assert.deepEqual(sent, ['a', 'b', 'c']);
  assert.equal(sender.isBusy, false);
});

test('a still that the line does not take within a second, or that has no road, is given up', () => {
  const road = { waitingBytes: 9999, sendSound: () => true };
  const sender = new PieceSender(road);
  sender.send(['a'], 0);
  sender.goOn(1000);
  assert.equal(sender.isBusy, true);
  sender.goOn(1001);
  assert.deepEqual([sender.isBusy, sender.givenUp], [false, 1]);
  const broken = new PieceSender({ waitingBytes: 0, sendSound: () => false });
  broken.send(['a', 'b'], 0);
  assert.deepEqual([broken.isBusy, broken.givenUp], [false, 1]);
});

test('the sample time of a moment follows the latest frame of the microphone', () => {
  const clock = new PacketClock();
  assert.equal(clock.sampleTimeAt(5), null);
  // The first frame ends at 10 ms.
  clock.next(10);
  assert.equal(clock.sampleTimeAt(10), 480);
  assert.equal(clock.sampleTimeAt(5), 240);
  clock.next(20);
  assert.equal(clock.sampleTimeAt(20), 960);
  // A gap in the sound: the next frame's place is later.
  clock.next(120);
  assert.equal(clock.sampleTimeAt(120), 5760);
});
