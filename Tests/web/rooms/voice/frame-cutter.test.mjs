import assert from 'node:assert/strict';
import test from 'node:test';
import { FrameCutter } from '../../../../web/rooms/js/voice/capture/frame-cutter.js';

const HZ = 997;
/** A tone of a second at any rate, in blocks. */
function* blocks(rate, length, hz = HZ) {
  for (let at = 0; at + length <= rate; at += length) {
    yield Float32Array.from({ length }, (_, i) => 0.5 * Math.sin(2 * Math.PI * hz * (at + i) / rate));
  }
}

for (const [rate, length] of [[48_000, 480], [48_000, 128], [44_100, 441], [16_000, 160], [96_000, 1024]]) {
  test(`a tone of ${rate} Hz in blocks of ${length} becomes the same tone of 48 kHz in frames of 480`, () => {
    const cutter = new FrameCutter(1);
    const frames = [...blocks(rate, length)].flatMap((block) => cutter.push([block], rate));
    assert.ok(frames.length >= 97 && frames.length <= 100, `${frames.length} frames`);
    const sound = frames.flatMap(([samples]) => [...samples]);
    assert.equal(sound.length, 480 * frames.length);
    // The edges of the tone are not band-limited.
    for (let i = 480; i < sound.length - 480; i++) {
      const error = Math.abs(sound[i] - 0.5 * Math.sin(2 * Math.PI * HZ * i / 48_000));
      assert.ok(error < 0.002, `sample ${i} is off by ${error}`);
    }
  });
}

test('stereo is mixed to mono where one channel is wanted, and stays where two are', () => {
  const channels = [new Float32Array(480).fill(0.5), new Float32Array(480).fill(-0.25)];
  const [[mono]] = new FrameCutter(1).push(channels, 48_000);
  assert.deepEqual([...new Set(mono)], [0.125]);
  const [stereo] = new FrameCutter(2).push(channels, 48_000);
  assert.deepEqual(stereo.map(([first]) => first), [0.5, -0.25]);
});

test('a mono microphone stays mono', () => {
  const [frame] = new FrameCutter(2).push([new Float32Array(480)], 48_000);
  assert.equal(frame.length, 1);
});

test('a microphone with another rate begins a new frame', () => {
  const cutter = new FrameCutter(1);
  assert.equal(cutter.push([new Float32Array(400)], 48_000).length, 0);
  assert.equal(cutter.push([new Float32Array(441)], 44_100).length, 0);
  assert.ok(cutter.waitingMs < 10);
});
