import assert from 'node:assert/strict';
import test from 'node:test';
import { SoundSender } from '../../../../web/rooms/js/voice/sound-sender.js';
import { readPacket } from '../../../../web/rooms/js/voice/sound-packet.js';

class Road {
  waitingBytes = 0;
  packets = [];

  sendSound(packet) {
    this.packets.push(readPacket(packet));
    return true;
  }
}

const FRAME = [new Float32Array(480).fill(0.5)];

test('an open sender sends each frame, as PCM16 where there is no encoder', () => {
  const road = new Road();
  const sender = Object.assign(new SoundSender(road), { isOpen: true });
  for (let i = 0; i < 3; i++) sender.push(FRAME, 10 * i);
  assert.deepEqual(road.packets.map(({ codec, isStereo, sequence, sampleTime, frame }) =>
    [codec, isStereo, sequence, sampleTime, frame.length]), [0, 1, 2].map((i) => ['pcm16', false, i, 480 * i, 960]));
});

test('a closed sender sends nothing, and its clock goes on', () => {
  const road = new Road();
  const sender = new SoundSender(road);
  for (let i = 0; i < 5; i++) sender.push(FRAME, 10 * i);
  sender.isOpen = true;
  sender.push(FRAME, 50);
  assert.deepEqual(road.packets.map(({ sequence, sampleTime }) => [sequence, sampleTime]), [[5, 5 * 480]]);
});

test('sound is dropped while more than 60 ms wait for the network', () => {
  const road = new Road();
  const sender = Object.assign(new SoundSender(road), { isOpen: true });
  const bytes = 16 + 960;
  for (let i = 0; i < 10; i++) {
    road.waitingBytes = i * bytes;
    sender.push(FRAME, 10 * i);
  }
  assert.deepEqual([sender.sent, sender.dropped], [7, 3]);
  road.waitingBytes = 0;
  sender.push(FRAME, 100);
  assert.deepEqual(road.packets.at(-1).sequence, 10);
});

test('stereo is in the head', () => {
  const road = new Road();
  const sender = Object.assign(new SoundSender(road), { isOpen: true });
  sender.push([...FRAME, ...FRAME], 0);
  assert.deepEqual([road.packets[0].isStereo, road.packets[0].frame.length], [true, 1920]);
});
