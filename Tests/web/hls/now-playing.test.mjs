import assert from 'node:assert/strict';
import test from 'node:test';
import { dateRangeOfField, parseDateRange } from '../../../web/js/hls/date-range.js';
import { documentTitle } from '../../../web/js/page/text.js';
import { NowPlayingHistory } from '../../../web/js/hls/now-playing.js';

const DATE = Date.UTC(2026, 10, 21, 7);
const HEAD = 'ID="7",CLASS="now-playing",START-DATE="2026-11-21T07:00:00.250Z",END-ON-NEXT=YES';

test('a date range names a title and its start', () => {
  assert.deepEqual(parseDateRange(`${HEAD},X-TITLE="Für Elise, WoO 59",X-ARTIST="a=b"`), {
    id: '7', start: DATE + 250, playing: { title: 'Für Elise, WoO 59', artist: 'a=b' },
  });
  assert.deepEqual(parseDateRange(`${HEAD},X-ARTIST="Ravel"`).playing, { title: null, artist: 'Ravel' });
  assert.equal(parseDateRange(HEAD).playing, null);
});

for (const text of [
  '', 'nonsense', 'ID="7"', HEAD.replace('now-playing', 'ad'), HEAD.replace('2026', 'soon'), HEAD.replace('ID="7",', ''),
  `${HEAD},X-TITLE="a"b"`, `${HEAD},X-TITLE="a`,
]) {
  test(`“${text}” names no title`, () => assert.equal(parseDateRange(text), null));
}

test('a header field names a title in ASCII', () => {
  assert.deepEqual(dateRangeOfField(`${HEAD},X-TITLE="100 %25 F%C3%BCr Elise"`).playing.title, '100 % Für Elise');
  assert.equal(dateRangeOfField(null), null);
  assert.equal(dateRangeOfField(`${HEAD},X-TITLE="100 %"`), null);
});

const range = (id, start, title) => ({ id, start, playing: title && { title, artist: null } });

test('the title at a place is the last that began before it; at an unknown place it is the latest', () => {
  const nowPlayingHistory = new NowPlayingHistory();
  assert.equal(nowPlayingHistory.at(DATE), null);
  assert.equal(nowPlayingHistory.at(null), null);
  nowPlayingHistory.add([range('1', DATE, 'a'), range('2', DATE + 5000, null), range('3', DATE + 9000, 'b')]);
  const heard = (offset) => nowPlayingHistory.at(DATE + offset)?.title;
  assert.deepEqual([-1, 0, 4999, 5000, 8999, 9000, 1e9].map(heard), [undefined, 'a', 'a', undefined, undefined, 'b', 'b']);
  assert.equal(nowPlayingHistory.at(null).title, 'b');
});

test('the time until the next title is known', () => {
  const nowPlayingHistory = new NowPlayingHistory();
  nowPlayingHistory.add([range('1', DATE, 'a'), range('2', DATE + 5000, 'b')]);
  assert.deepEqual([-10, 0, 4999, 5000].map((offset) => nowPlayingHistory.msUntilNext(DATE + offset)), [10, 5000, 1, Infinity]);
});

test('a repeated title stays the same object, in any order', () => {
  const nowPlayingHistory = new NowPlayingHistory();
  nowPlayingHistory.add([range('2', DATE + 5000, 'b')]);
  const { playing } = { playing: nowPlayingHistory.at(DATE + 5000) };
  nowPlayingHistory.add([range('1', DATE, 'a'), range('2', DATE + 5000, 'b')]);
  assert.equal(nowPlayingHistory.at(DATE + 5000), playing);
  assert.equal(nowPlayingHistory.at(DATE).title, 'a');
});

test('the history has a limit', () => {
  const nowPlayingHistory = new NowPlayingHistory();
  for (let i = 0; i < 1000; i++) nowPlayingHistory.add([range(`${i}`, DATE + i, `${i}`)]);
  assert.equal(nowPlayingHistory.at(DATE + 799), null);
  assert.equal(nowPlayingHistory.at(DATE + 800).title, '800');
});

test('the window’s title names the artist, the title and the stream', () => {
  assert.equal(documentTitle({ title: 'Bolero', artist: 'Ravel' }, 'live'), 'Ravel – Bolero · live · ringcast');
  assert.equal(documentTitle({ title: 'News', artist: null }, 'live'), 'News · live · ringcast');
  assert.equal(documentTitle(null, 'live'), 'live · ringcast');
});

const HOUR = 3_600_000;

test('a playlist tells the order of the titles, and a segment a newer one', () => {
  const nowPlayingHistory = new NowPlayingHistory();
  nowPlayingHistory.addListed([range('1', DATE, 'a')]);
  nowPlayingHistory.add([range('3', DATE + 9000, 'c')]);
  nowPlayingHistory.addListed([range('1', DATE, 'a'), range('2', DATE + 5000, 'b')]);
  const heard = (offset) => nowPlayingHistory.at(DATE + offset)?.title;
  assert.deepEqual([-1, 0, 5000, 9000].map(heard), [undefined, 'a', 'b', 'c']);
  nowPlayingHistory.addListed([]);
  assert.equal(heard(9000), 'c');
});

for (const [what, lists] of [
  ['the playlist lists the title by both dates', [['old'], ['old', 'new'], ['old', 'new'], ['old', 'new', 'next']]],
  ['the page opens then', [['old', 'new'], ['old', 'new', 'next']]],
  ['the old date is no longer listed', [['old'], ['new'], ['new', 'next']]],
]) {
  test(`a clock was set back by an hour, and ${what}`, () => {
    const ranges = {
      old: range('1', DATE + HOUR, 'a'), new: range('2', DATE + 4000, 'a'), next: range('3', DATE + 60_000, 'b'),
    };
    const nowPlayingHistory = new NowPlayingHistory();
    for (const list of lists) nowPlayingHistory.addListed(list.map((name) => ranges[name]));
    const heard = (offset) => nowPlayingHistory.at(DATE + offset)?.title;
    assert.deepEqual([4000, 59_999, 60_000].map(heard), ['a', 'a', 'b']);
    // At the old date, long after.
    assert.equal(heard(HOUR + 1), 'b');
  });
}
