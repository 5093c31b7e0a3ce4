import assert from 'node:assert/strict';
import test from 'node:test';
import { StreamInfo } from '../../../web/js/net/stream-info.js';

const EPOCH = Date.UTC(2026, 10, 21);

/**
 * Asks a server, or a cache in front of it, whose answers are so old, every ten seconds in no time; returns how far the
 * time that is made of that is behind, ms, after each, and how often a clock was taken for set.
 */
async function asking(t, ages, headers) {
  let time = 0;
  t.mock.method(performance, 'now', () => time);
  const streamInfo = new StreamInfo('http://radio.example/live.json', () => ({}));
  let times = 0;
  streamInfo.addEventListener('clock', () => times++);
  const behind = [];
  for (const age of ages) {
    time += 10_000;
    const now = new Date(EPOCH + time - age).toISOString();
    t.mock.method(globalThis, 'fetch', async () => new Response(JSON.stringify({ now }), { headers }));
    await streamInfo.refresh();
    behind.push(EPOCH + time - streamInfo.serverTime());
  }
  return { streamInfo, behind, times };
}

test('the server’s time is that of its last answer', async (t) => {
  const { streamInfo, behind, times } = await asking(t, [0, 0]);
  assert.deepEqual([behind, times, streamInfo.fetchesParts], [[0, 0], 0, false]);
});

test('a server whose answer is suddenly behind has had its clock set', async (t) => {
  const { behind, times } = await asking(t, [0, 1500]);
  assert.deepEqual([behind, times], [[0, 1500], 1]);
});

test('of what a cache has kept the freshest is believed, and no clock is taken for set', async (t) => {
  const { behind, times } = await asking(t, [1900, 100, 1500], { Age: '1' });
  assert.deepEqual([behind, times], [[1900, 100, 100], 0]);
});

test('a cache may ask for parts to be taken', async (t) => {
  const { streamInfo } = await asking(t, [0], { 'Ringcast-Follow': 'parts' });
  assert.equal(streamInfo.fetchesParts, true);
});
