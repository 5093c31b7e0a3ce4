import assert from 'node:assert/strict';
import test from 'node:test';
import { Loader } from '../../../web/js/net/loader.js';

const PLAYLIST = `#EXTM3U
#EXT-X-TARGETDURATION:2
#EXT-X-MEDIA-SEQUENCE:1
#EXTINF:2,
live/1.mp3
`;

/** A client that fetches the segment of the playlist once, then waits for `reloadSeconds`. */
function client(reloadSeconds = Infinity) {
  const left = [{ sequence: 1, url: 'http://radio.example/live/1.mp3', isRecording: false }];
  return {
    onPlaylist: async () => {},
    segmentToFetch: () => left.shift() ?? null,
    onHeaders: () => {},
    sink: () => ({ push: async () => {}, finish: async () => {} }),
    onMissing: () => {},
    reloadAt: () => performance.now() / 1000 + reloadSeconds,
    headers: () => ({}),
    fetchesParts: () => false,
    wantsEveryFrame: () => false,
  };
}

/** Answers playlists; a segment never ends. Resolves `asked` at the first request whose URL contains `part`. */
function server(t, part, answersPlaylist = true) {
  const signals = [];
  let tell;
  const asked = new Promise((resolve) => { tell = resolve; });
  t.mock.method(globalThis, 'fetch', (url, { signal }) => {
    signals.push(signal);
    if (url.includes(part)) tell();
    if (url.endsWith('m3u8') && answersPlaylist) return Promise.resolve(new Response(PLAYLIST));
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  });
  return { asked, signals };
}

for (const [what, part, answersPlaylist] of [
  ['while the playlist loads', 'm3u8', false],
  ['while a segment loads', '1.mp3', true],
]) {
  test(`a loader that is closed ${what} ends the download and returns, without a report`, async (t) => {
    const { asked, signals } = server(t, part, answersPlaylist);
    const loader = new Loader('http://radio.example/live-ll.m3u8', client());
    let reports = 0;
    const running = loader.run();
    await asked;
    loader.addEventListener('status', () => reports++);
    loader.close();
    await running;
    assert.equal(signals.at(-1).aborted, true);
    assert.equal(reports, 0);
    const requests = signals.length;
    loader.check();
    assert.equal(signals.length, requests);
  });
}

test('a loader that is closed while it waits for the next load returns', async (t) => {
  server(t, 'm3u8');
  const loader = new Loader('http://radio.example/live-ll.m3u8', { ...client(), segmentToFetch: () => null });
  const loaded = new Promise((resolve) => loader.addEventListener('status', resolve, { once: true }));
  const running = loader.run();
  await loaded;
  loader.close();
  await running;
});

test('a loader that is closed while it waits after a failure returns', async (t) => {
  t.mock.method(globalThis, 'fetch', async () => new Response('', { status: 503 }));
  const loader = new Loader('http://radio.example/live-ll.m3u8', client());
  const failed = new Promise((resolve) => loader.addEventListener('status', resolve, { once: true }));
  const running = loader.run();
  await failed;
  assert.equal(loader.status.phase, 'retrying');
  loader.close();
  await running;
});
