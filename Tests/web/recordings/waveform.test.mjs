import assert from 'node:assert/strict';
import test from 'node:test';
import { bars, pathOf, readPeaks } from '../../../web/recordings/js/peaks-reader.js';
import { keyPlace } from '../../../web/recordings/js/waveform.js';

const peaks = (channels, levels, mark = 'pks1', rate = 48_000) => {
  const bytes = [...mark].map((letter) => letter.charCodeAt(0));
  return new Uint8Array([...bytes, channels, 0, 0, 100, 0, 0, rate >> 8, rate & 255, ...levels]).buffer;
};

test('the level of a slice is the largest of its channels', () => {
  assert.deepEqual(readPeaks(peaks(2, [0, 255, 51, 0])), [1, 0.2]);
  assert.deepEqual(readPeaks(peaks(1, [51])), [0.2]);
  // A slice that is cut off counts for nothing.
  assert.deepEqual(readPeaks(peaks(2, [0, 255, 51])), [1]);
});

test('other bytes are no peaks', () => {
  for (const buffer of [new ArrayBuffer(0), new ArrayBuffer(11), peaks(0, [1]), peaks(1, [1], 'pks2'), peaks(1, [], 'pks1', 0)]) {
    assert.equal(readPeaks(buffer), null);
  }
});

test('a bar is the largest of its slices, and no slice is left out', () => {
  assert.deepEqual(bars([0, 1, 0, 0, 0, 0, 0.5], 2), [1, 0.5]);
  assert.deepEqual(bars([0.1, 0.2], 200), [0.1, 0.2]);
  for (const count of [1, 3, 7, 200]) {
    for (let place = 0; place < 801; place += 50) {
      const levels = Array(801).fill(0);
      levels[place] = 1;
      assert.equal(Math.max(...bars(levels, count)), 1);
    }
  }
});

test('silence is a line, and full scale fills the box', () => {
  assert.equal(pathOf([0, 1]), 'M0.15 49h.7V51h-.7zM1.15 2h.7V98h-.7z');
});

test('keys seek within the recording', () => {
  assert.deepEqual(['ArrowRight', 'ArrowLeft', 'PageUp', 'Home', 'End'].map((key) => keyPlace(key, 3, 100)), [8, 0, 63, 0, 99]);
  assert.equal(keyPlace('ArrowRight', 98, 100), 99);
  assert.equal(keyPlace('a', 3, 100), null);
});
