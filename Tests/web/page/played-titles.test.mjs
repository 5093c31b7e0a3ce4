import assert from 'node:assert/strict';
import test from 'node:test';
import { titlesBefore, titlesOf } from '../../../web/js/page/played-titles.js';

const title = (start, name) => ({ start, playing: { title: name, artist: null } });

test('the titles of the server have dates, and an entry without a date or a title is left out', () => {
  assert.deepEqual(titlesOf({
    titles: [
      { title: 'b', artist: 'x', start: '1970-01-01T00:00:02.500Z' }, { title: 'a', start: 'yesterday' },
      { title: null, artist: null, start: '1970-01-01T00:00:01.000Z' }, null, 7,
    ],
  }), [{ start: 2500, playing: { title: 'b', artist: 'x' } }]);
  for (const value of [null, 7, {}, { titles: 'no' }]) assert.deepEqual(titlesOf(value), []);
});

test('the title that is heard, and those after it, have not been played before', () => {
  const told = [title(9000, 'c'), title(5000, 'b'), title(1000, 'a')];
  const names = (heard) => titlesBefore(told, [], heard).map(({ playing }) => playing.title);
  assert.deepEqual([9500, 6000, 500, null].map(names), [['b', 'a'], ['a'], [], ['b', 'a']]);
});

test('a title that goes on with another date counts once, from its beginning on', () => {
  const told = [title(9000, 'c'), title(5000, 'b'), title(1000, 'a')];
  const seen = [title(9200, 'c'), title(5500, 'b')];
  assert.deepEqual(titlesBefore(told, seen, 9500), [title(5000, 'b'), title(1000, 'a')]);
});

test('a title that only the page has seen is among them, and no title is there twice', () => {
  const told = [title(9000, 'c'), title(1000, 'a')];
  const names = titlesBefore(told, [title(5000, 'b'), title(1000, 'a')], 9500).map(({ playing }) => playing.title);
  assert.deepEqual(names, ['b', 'a']);
});
