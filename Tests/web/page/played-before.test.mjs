import assert from 'node:assert/strict';
import test from 'node:test';
import { NowPlayingHistory } from '../../../web/js/hls/now-playing.js';
import { playedRows } from '../../../web/js/page/played-before.js';

const range = (id, start, title) => ({ id, start, playing: title === null ? null : { title, artist: null } });
const history = () => {
  const history = new NowPlayingHistory();
  history.add([range('1', 1000, 'a'), range('2', 5000, null), range('3', 8000, 'b'), range('4', 9000, 'c')]);
  return history;
};

test('the titles before the one that is heard come with the latest first, without pauses', () => {
  const titles = (date) => history().before(date).map(({ playing }) => playing.title);
  assert.deepEqual([500, 1000, 6000, 8000, 9500, null].map(titles), [[], [], ['a'], ['a'], ['b', 'a'], ['b', 'a']]);
});

test('a title that is still in the ring can be heard again', () => {
  const place = { heardDate: 9500, behindEdgeSeconds: 1, windowSeconds: 5 };
  assert.deepEqual(playedRows(history().before(9500), place), [
    { start: 8000, text: 'b', agoSeconds: 1.5 }, { start: 1000, text: 'a', agoSeconds: null },
  ]);
});

test('before the first sound no title can be heard', () => {
  const rows = playedRows(history().before(null), { heardDate: null, behindEdgeSeconds: 0, windowSeconds: 20 });
  assert.deepEqual(rows.map(({ agoSeconds }) => agoSeconds), [null, null]);
});

test('a row names the artist, and at most twenty rows are shown', () => {
  const titles = Array.from({ length: 50 }, (_, i) => ({ start: i, playing: { title: 'Bolero', artist: 'Ravel' } }));
  const rows = playedRows(titles, { heardDate: 100, behindEdgeSeconds: 0, windowSeconds: 20 });
  assert.deepEqual([rows.length, rows[0].text], [20, 'Ravel – Bolero']);
});
