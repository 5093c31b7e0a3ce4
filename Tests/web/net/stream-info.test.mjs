import assert from 'node:assert/strict';
import test from 'node:test';
import { StreamInfo } from '../../../web/js/net/stream-info.js';

const EPOCH = Date.UTC(2026, 10, 21);

/**
 * Sends a request every ten simulated seconds. The answers have these ages. Returns after each answer by how many
 * milliseconds the estimated time is behind, and how often the clock seemed to be set.
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

test('the server’s time comes from its last answer', async (t) => {
  const { streamInfo, behind, times } = await asking(t, [0, 0]);
  assert.deepEqual([behind, times, streamInfo.fetchesParts], [[0, 0], 0, false]);
});

test('an answer that is suddenly behind shows that the server’s clock was set', async (t) => {
  const { behind, times } = await asking(t, [0, 1500]);
  assert.deepEqual([behind, times], [[0, 1500], 1]);
});

test('the freshest cached answer counts, and the clock does not seem to be set', async (t) => {
  const { behind, times } = await asking(t, [1900, 100, 1500], { Age: '1' });
  assert.deepEqual([behind, times], [[1900, 100, 100], 0]);
});

test('a cache may ask the page to fetch parts', async (t) => {
  const { streamInfo } = await asking(t, [0], { 'Ringcast-Follow': 'parts' });
  assert.equal(streamInfo.fetchesParts, true);
});

test('information that is closed ends its request, announces nothing, and sends no other', async (t) => {
  const signals = [];
  t.mock.method(globalThis, 'fetch', (_, { signal }) => {
    signals.push(signal);
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  });
  const streamInfo = new StreamInfo('http://radio.example/live.json', () => ({}));
  let changes = 0;
  streamInfo.addEventListener('change', () => changes++);
  const refreshing = streamInfo.refresh();
  streamInfo.close();
  await refreshing;
  await streamInfo.firstAnswer;
  await streamInfo.refresh(0);
  assert.deepEqual([changes, signals.length, signals[0].aborted], [0, 1, true]);
});
