import assert from 'node:assert/strict';
import test from 'node:test';
import { LONGEST, settled } from '../../../web/js/clip/clip-panel.js';
import { ringClipURL, ringLimits } from '../../../web/js/clip/ring-clip.js';

const LIMITS = { min: 100, max: 2000 };

test('a mark stays within the limits', () => {
  assert.deepEqual(settled({ from: 5, to: 300 }, 'from', LIMITS), { from: 100, to: 300 });
  assert.deepEqual(settled({ from: 1900, to: 3000 }, 'to', LIMITS), { from: 1900, to: 2000 });
});

test('a mark pushes the other one where they would cross', () => {
  assert.deepEqual(settled({ from: 500, to: 300 }, 'from', LIMITS), { from: 500, to: 500 });
  assert.deepEqual(settled({ from: 500, to: 300 }, 'to', LIMITS), { from: 300, to: 300 });
});

test('a mark pulls the other one where the clip would be too long', () => {
  assert.deepEqual(settled({ from: 200, to: 1900 }, 'from', LIMITS), { from: 200, to: 200 + LONGEST });
  assert.deepEqual(settled({ from: 200, to: 1900 }, 'to', LIMITS), { from: 1900 - LONGEST, to: 1900 });
});

test('the limits of the ring follow the sound that is heard', () => {
  const player = { heardDate: 1_000_000_000, behindEdgeSeconds: 10, windowSeconds: 60 };
  assert.deepEqual(ringLimits(player), { min: 999_950, max: 1_000_010 });
  assert.equal(ringLimits({ ...player, heardDate: null }), null);
  assert.equal(ringLimits({ ...player, windowSeconds: 0 }), null);
});

test('the address of a clip has dates as the playlist has them, and keeps the token', () => {
  const url = new URL(ringClipURL('http://h/radio/live.mp3?token=a%26b', 1_796_000_000, 1_796_000_001.25));
  assert.equal(url.pathname, '/radio/live/clip.mp3');
  assert.equal(url.searchParams.get('from'), '2026-11-30T00:53:20.000Z');
  assert.equal(url.searchParams.get('to'), '2026-11-30T00:53:21.250Z');
  assert.equal(url.searchParams.get('token'), 'a&b');
});
