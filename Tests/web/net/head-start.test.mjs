import assert from 'node:assert/strict';
import test from 'node:test';
import { takeEarlyAnswer } from '../../../web/js/net/early-answers.js';
import { requestAhead } from '../../../web/js/net/head-start.js';

const EPOCH = Date.UTC(2026, 10, 21);
const URLS = { info: 'http://radio.example/live.json', lowLatencyPlaylist: 'http://radio.example/live-ll.m3u8' };

/** Two segments of two seconds; segment 9 is being recorded since EPOCH. */
const PLAYLIST = `#EXTM3U
#EXT-X-VERSION:6
#EXT-X-TARGETDURATION:2
#EXT-X-MEDIA-SEQUENCE:7
#EXT-X-PROGRAM-DATE-TIME:${new Date(EPOCH - 4000).toISOString()}
#EXTINF:2.000,
live/7.mp3
#EXTINF:2.000,
live/8.mp3
`;

/** Asks a server whose recording segment has this length. Returns the paths of the requests. */
async function asking(t, recordedMs, { status = 200, headers = {}, wantsSegments = true } = {}) {
  const paths = [];
  t.mock.timers.enable({ apis: ['setTimeout'] });
  t.mock.method(globalThis, 'fetch', async (url) => {
    paths.push(new URL(url).pathname);
    const now = new Date(EPOCH + recordedMs).toISOString();
    return new Response(url.endsWith('.m3u8') ? PLAYLIST : JSON.stringify({ now }), { status, headers });
  });
  await requestAhead(URLS, wantsSegments);
  return paths;
}

test('information, playlist and recording segment are requested', async (t) => {
  assert.deepEqual(await asking(t, 1000), ['/live.json', '/live-ll.m3u8', '/live/9.mp3']);
});

test('a short recording segment is not enough for a start', async (t) => {
  assert.deepEqual(await asking(t, 100), ['/live.json', '/live-ll.m3u8', '/live/8.mp3', '/live/9.mp3']);
});

for (const [why, recordedMs, options] of [
  ['where the player wants other URLs', 1000, { wantsSegments: false }],
  ['where a cache asks for parts', 1000, { headers: { 'Ringcast-Follow': 'parts' } }],
  ['where the server refuses', 1000, { status: 401 }],
  ['where the playlist is out of date', 2500, {}],
]) {
  test(`no segment is requested ${why}`, async (t) => {
    assert.deepEqual(await asking(t, recordedMs, options), ['/live.json', '/live-ll.m3u8']);
  });
}

test('the player reads each answer itself, once', async (t) => {
  await asking(t, 1000);
  const answer = takeEarlyAnswer(URLS.lowLatencyPlaylist);
  assert.equal(await (await answer.response).text(), PLAYLIST);
  assert.ok(answer.receivedMs >= answer.sentMs);
  assert.equal(takeEarlyAnswer(URLS.lowLatencyPlaylist), undefined);
});

test('a playlist is out of date when its recording segment is complete', async (t) => {
  let time = 0;
  t.mock.method(performance, 'now', () => time);
  for (const [later, isTaken] of [[900, true], [1100, false]]) {
    time = 0;
    await asking(t, 1000);
    t.mock.timers.reset();
    time = later;
    assert.equal(takeEarlyAnswer(URLS.lowLatencyPlaylist) !== undefined, isTaken, `after ${later} ms`);
  }
});

test('an answer that nobody takes is ended', async (t) => {
  await asking(t, 1000);
  const { controller } = takeEarlyAnswer('http://radio.example/live/9.mp3');
  assert.equal(controller.signal.aborted, false);
  t.mock.timers.reset();
  await asking(t, 1000);
  t.mock.timers.tick(5000);
  assert.equal(takeEarlyAnswer('http://radio.example/live/9.mp3'), undefined);
});
