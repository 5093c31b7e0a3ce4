import assert from 'node:assert/strict';
import test from 'node:test';
import { decodePCM16, encodePCM16 } from '../../../../web/rooms/js/voice/pcm16.js';
import { makePacket, readPacket } from '../../../../web/rooms/js/voice/sound-packet.js';

test('the head has 16 bytes in network byte order', () => {
  const head = { codec: 'opus', isStereo: true, sequence: 0x01020304, sampleTime: 0x0506070809 };
  const packet = makePacket(head, Uint8Array.of(0xAA, 0xBB));
  assert.deepEqual([...new Uint8Array(packet)], [1, 1, 1, 1, 1, 2, 3, 4, 0, 0, 0, 5, 6, 7, 8, 9, 0xAA, 0xBB]);
  const { frame, ...read } = readPacket(packet);
  assert.deepEqual(read, head);
  assert.deepEqual([...frame], [0xAA, 0xBB]);
});

test('a talker may talk for a day of days', () => {
  const sampleTime = 48_000 * 86_400 * 1000;
  const packet = makePacket({ codec: 'pcm16', isStereo: false, sequence: 2 ** 32 - 1, sampleTime }, new Uint8Array(960));
  assert.deepEqual([readPacket(packet).sampleTime, readPacket(packet).sequence], [sampleTime, 2 ** 32 - 1]);
});

test('a message of another version, kind or codec is no sound packet', () => {
  const good = new Uint8Array(makePacket({ codec: 'pcm16', isStereo: false, sequence: 0, sampleTime: 0 }, new Uint8Array(2)));
  for (const [at, value] of [[0, 2], [1, 2], [2, 2]]) {
    const other = good.slice();
    other[at] = value;
    assert.equal(readPacket(other.buffer), null);
  }
  assert.equal(readPacket(good.buffer.slice(0, 16)), null, 'a head without a frame');
  assert.equal(readPacket(new ArrayBuffer(3)), null);
});

test('PCM16 is interleaved, least significant byte first, and clipped', () => {
  const bytes = encodePCM16([Float32Array.of(0.5, 2), Float32Array.of(-1, -1.5)]);
  assert.deepEqual([...bytes], [0x00, 0x40, 0x00, 0x80, 0xFF, 0x7F, 0x00, 0x80]);
  assert.deepEqual(decodePCM16(bytes, 2).map((samples) => [...samples]), [[0.5, 32767 / 32768], [-1, -1]]);
});

test('PCM16 may begin at any byte of a message', () => {
  const bytes = new Uint8Array(5);
  bytes.set(encodePCM16([Float32Array.of(0.25, -0.25)]), 1);
  assert.deepEqual([...decodePCM16(bytes.subarray(1), 1)[0]], [0.25, -0.25]);
});
