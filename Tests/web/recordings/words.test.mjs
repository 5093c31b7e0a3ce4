import assert from 'node:assert/strict';
import test from 'node:test';
import { size } from '../../../web/js/page/stored.js';
import { chapterAt, clipNote, facts, headline, podcasts, recordingURLs, titleCount, when, zone }
  from '../../../web/recordings/js/words.js';

const RECORDING = {
  id: 'live-2026-11-30T14-00-00+0100', title: 'live 2026-11-30 14:00:00', stream: 'live',
  start: '2026-11-30T14:00:00+01:00', length: 3600.024, size: 57_665_536, chapters: [],
};

test('the headline counts the recordings', () => {
  assert.deepEqual([[], [1], [1, 2]].map(headline), ['No recording yet', '1 recording', '2 recordings']);
});

test('a size has the unit that people use', () => {
  assert.deepEqual([20, 131_000, 57_665_536, 2.5e9].map(size), ['1 kB', '131 kB', '57.7 MB', '2.50 GB']);
});

test('the date and the times are those of the station, wherever the page is open', () => {
  assert.match(when(RECORDING, 'en-GB'), /^Monday,? 30 November 2026, 14:00 – 15:00$/);
  assert.match(when({ ...RECORDING, length: 4.1 }, 'en-GB'), / 2026, 14:00:00 – 14:00:04$/);
});

test('the offset is shown where it is not that of the device', () => {
  assert.equal(zone(RECORDING, 60), '');
  assert.equal(zone(RECORDING, 0), 'UTC+1');
  assert.equal(zone({ start: '2026-11-30T14:00:00-03:30' }, 0), 'UTC-3:30');
});

test('the facts are length and size', () => assert.match(facts(RECORDING), /^1:00:00 · 57\.7 MB/));

test('the titles are counted', () => {
  assert.equal(titleCount({ chapters: [1] }), '1 title');
  assert.equal(titleCount({ chapters: [1, 2] }), '2 titles');
});

test('a time belongs to the chapter around it, and to none between two', () => {
  const chapters = [{ start: 1, end: 2 }, { start: 3, end: 5 }];
  assert.deepEqual([0, 1, 2, 3, 4.9, 5].map((time) => chapterAt(chapters, time)), [-1, 0, -1, 1, 1, -1]);
});

test('the URLs are beside the page, also below a prefix, and carry the token', () => {
  const urls = recordingURLs(new URL('https://a.example/radio/recordings/?token=secret-token'));
  assert.equal(urls.list, 'https://a.example/radio/recordings.json?token=secret-token');
  assert.equal(
    urls.file(RECORDING.id),
    'https://a.example/radio/recordings/live-2026-11-30T14-00-00+0100.mp3?token=secret-token');
});

test('an operator has another list, and the token is in no other address', () => {
  const urls = recordingURLs(new URL('https://a.example/recordings/?edit&token=secret-token'));
  assert.ok(urls.isOperator && urls.token === 'secret-token');
  assert.equal(urls.list, 'https://a.example/recordings/all.json?token=secret-token');
  for (const url of [urls.file('x'), urls.peaks('x'), urls.clip('x', 1, 2), urls.feed('x')]) {
    assert.ok(!url.includes('secret'));
  }
});

test('the note of a clip warns of the token where the link has one', () => {
  const note = (query) => {
    const urls = recordingURLs(new URL(`https://a.example/recordings/${query}`));
    assert.equal(clipNote(urls).includes('token'), urls.clip('x', 1, 2).includes('token='));
    return clipNote(urls);
  };
  assert.equal(note('?token=t'), 'The link works as long as the recording is here. The link contains your token.');
  for (const query of ['', '?edit&token=t']) assert.equal(note(query), 'The link works as long as the recording is here.');
});

test('the address of a clip has seconds', () => {
  const urls = recordingURLs(new URL('https://a.example/recordings/?token=t'));
  assert.equal(urls.clip('x', 1.23456, 4), 'https://a.example/recordings/x/clip.mp3?from=1.235&to=4&token=t');
});

test('a stream has a podcast where a recording that all may find is public', () => {
  const of = (stream, isPublic, hidden) => ({ ...RECORDING, stream, public: isPublic, hidden });
  assert.deepEqual(podcasts([of('b', true), of('a', true), of('b', true), of('c', false), of('d', true, true)]), ['a', 'b']);
});
