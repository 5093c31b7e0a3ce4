import assert from 'node:assert/strict';
import test from 'node:test';
import {
  discontinuityCount, parsePlaylist, partsOf, recordingEntry, totalSeconds, withCompleted, withEveryFrame, withPart,
} from '../../../web/js/hls/playlist.js';

const BASE = 'http://radio.example/live.m3u8';

const WHOLE = `#EXTM3U
#EXT-X-VERSION:6
#EXT-X-TARGETDURATION:2
#EXT-X-MEDIA-SEQUENCE:434822606
#EXT-X-DISCONTINUITY-SEQUENCE:3
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-PROGRAM-DATE-TIME:2026-11-21T07:00:00.000Z
#EXTINF:1.992,
live/434822606.mp3
#EXT-X-DISCONTINUITY
#EXT-X-PROGRAM-DATE-TIME:2026-11-21T07:01:00.500Z
#EXTINF:2.016,
live/434822607.mp3
`;

test('a live playlist with all tags is parsed', () => {
  assert.deepEqual(parsePlaylist(WHOLE, BASE), {
    targetDurationSeconds: 2,
    discontinuitySequence: 3,
    upcoming: { date: null, discontinuity: false },
    dateRanges: [],
    ended: false,
    entries: [
      {
        sequence: 434822606, url: 'http://radio.example/live/434822606.mp3', durationSeconds: 1.992,
        date: Date.UTC(2026, 10, 21, 7, 0, 0, 0), discontinuity: false, isRecording: false,
      },
      {
        sequence: 434822607, url: 'http://radio.example/live/434822607.mp3', durationSeconds: 2.016,
        date: Date.UTC(2026, 10, 21, 7, 1, 0, 500), discontinuity: true, isRecording: false,
      },
    ],
  });
});

test('an ended playlist with carriage returns and a title is parsed', () => {
  const text = '#EXTM3U\r\n#EXT-X-TARGETDURATION:2\r\n#EXTINF:2.0,a title, with a comma\r\na.mp3\r\n#EXT-X-ENDLIST\r\n';
  const playlist = parsePlaylist(text, BASE);
  assert.equal(playlist.ended, true);
  assert.deepEqual(playlist.entries, [
    { sequence: 0, url: 'http://radio.example/a.mp3', durationSeconds: 2, date: null, discontinuity: false, isRecording: false },
  ]);
});

test('a playlist without a segment is parsed', () => {
  const playlist = parsePlaylist('#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQUENCE:7\n', BASE);
  assert.deepEqual(playlist.entries, []);
});

test('dates are extrapolated forward and backward from a given date', () => {
  const text = `#EXTM3U
#EXT-X-TARGETDURATION:2
#EXTINF:2,
a
#EXT-X-PROGRAM-DATE-TIME:2026-11-21T07:00:02+00:00
#EXTINF:1.5,
b
#EXTINF:2,
c
`;
  const start = Date.UTC(2026, 10, 21, 7);
  assert.deepEqual(parsePlaylist(text, BASE).entries.map(({ date }) => date - start), [0, 2000, 3500]);
});

test('the titles come from the date ranges of one class, and other date ranges are ignored', () => {
  const ranges = `#EXT-X-DATERANGE:ID="1",CLASS="now-playing",START-DATE="2026-11-21T07:00:01.000Z",X-TITLE="Bolero"
#EXT-X-DATERANGE:ID="2",CLASS="ad",START-DATE="2026-11-21T07:00:01.000Z"
`;
  assert.deepEqual(parsePlaylist(WHOLE.replace('#EXT-X-PROGRAM', `${ranges}#EXT-X-PROGRAM`), BASE), {
    ...parsePlaylist(WHOLE, BASE),
    dateRanges: [{ id: '1', start: Date.UTC(2026, 10, 21, 7, 0, 1), playing: { title: 'Bolero', artist: null } }],
  });
});

test('unknown tags are ignored', () => {
  const unknown = '#EXT-X-PART:DURATION=0.2,URI="p.mp3"\n# a comment\n#EXT-X-RENDITION:4\n';
  const text = WHOLE.replace('#EXTINF', `${unknown}#EXTINF`);
  assert.deepEqual(parsePlaylist(text, BASE), parsePlaylist(WHOLE, BASE));
});

for (const [what, text] of [
  ['an error page', '<!doctype html>\n<title>502 Bad Gateway</title>\n'],
  ['an empty text', ''],
  ['a playlist without a target duration', '#EXTM3U\n#EXTINF:2,\na.mp3\n'],
  ['a target duration that is no decimal-integer', '#EXTM3U\n#EXT-X-TARGETDURATION:2.0\n'],
  ['a URI without a duration', '#EXTM3U\n#EXT-X-TARGETDURATION:2\na.mp3\n'],
  ['a version that is not supported', '#EXTM3U\n#EXT-X-VERSION:9\n#EXT-X-TARGETDURATION:2\n'],
]) {
  test(`${what} is refused`, () => assert.throws(() => parsePlaylist(text, BASE), SyntaxError));
}

test('durations add up', () => assert.equal(totalSeconds(parsePlaylist(WHOLE, BASE).entries), 1.992 + 2.016));

const NAMED = (uri) => parsePlaylist(`#EXTM3U
#EXT-X-TARGETDURATION:2
#EXT-X-MEDIA-SEQUENCE:99
#EXT-X-PROGRAM-DATE-TIME:2026-11-21T07:00:00.000Z
#EXTINF:2,
live/99.mp3
#EXTINF:1.9,
${uri}`, 'http://radio.example/live.m3u8');

for (const [uri, url] of [
  ['live/100.mp3', 'http://radio.example/live/101.mp3'],
  ['live/100.mp3?token=100.mp3', 'http://radio.example/live/101.mp3?token=100.mp3'],
  ['live/0123456789ab/100.mp3', 'http://radio.example/live/0123456789ab/101.mp3'],
  ['100/100.mp3', 'http://radio.example/100/101.mp3'],
  ['live/x100.mp3', null], ['live/100-1.mp3', null], ['live/1000.mp3', null], ['live/100', null],
]) {
  test(`after ${uri} the recording segment is ${url}`, () => {
    const entry = recordingEntry(NAMED(uri));
    assert.equal(entry?.url ?? null, url);
    if (!entry) return;
    assert.equal(entry.sequence, 101);
    assert.equal(entry.date, Date.UTC(2026, 10, 21, 7, 0, 3, 900));
    assert.equal(entry.isRecording, true);
  });
}

test('an ended playlist has no recording segment, nor has an empty one', () => {
  assert.equal(recordingEntry({ ...NAMED('live/100.mp3'), ended: true }), null);
  assert.equal(recordingEntry({ ...NAMED('live/100.mp3'), entries: [] }), null);
});

test('a completed segment is listed, and the oldest leaves', () => {
  const before = NAMED('live/100.mp3');
  const after = withCompleted(before, recordingEntry(before), 2.016, 2);
  assert.deepEqual(after.entries.map(({ sequence, durationSeconds }) => [sequence, durationSeconds]), [[100, 1.9], [101, 2.016]]);
  assert.equal(after.entries[1].isRecording, false);
  assert.equal(before.entries.length, 2);
  assert.equal(withCompleted(before, recordingEntry(before), 2.016, 10).entries.length, 3, 'unless there is room');
});

test('a playlist with parts tells the recording segment’s date and discontinuity', () => {
  const playlist = parsePlaylist(`#EXTM3U
#EXT-X-TARGETDURATION:2
#EXT-X-MEDIA-SEQUENCE:99
#EXT-X-PROGRAM-DATE-TIME:2026-11-21T07:00:00.000Z
#EXTINF:2,
live/99.mp3
#EXT-X-DISCONTINUITY
#EXT-X-PROGRAM-DATE-TIME:2026-11-21T07:10:00.000Z
#EXT-X-PART:DURATION=0.288,URI="live/100.0.mp3",INDEPENDENT=YES
#EXT-X-PRELOAD-HINT:TYPE=PART,URI="live/100.1.mp3"
`, 'http://radio.example/live-ll.m3u8');
  assert.equal(playlist.entries.length, 1);
  assert.equal(recordingEntry(playlist).date, Date.UTC(2026, 10, 21, 7, 10));
  assert.equal(discontinuityCount(playlist), 1);
  const after = withCompleted(playlist, recordingEntry(playlist), 2, 1);
  assert.equal(after.entries[0].date, Date.UTC(2026, 10, 21, 7, 10));
  assert.equal(recordingEntry(after).date, Date.UTC(2026, 10, 21, 7, 10, 2));
  assert.equal(discontinuityCount(after), 1);
  assert.equal(discontinuityCount(withCompleted(after, recordingEntry(after), 2, 1)), 1, 'also when it has left');
});

test('the parts of a segment are found while it is recorded and after it is complete', () => {
  const text = `#EXTM3U
#EXT-X-TARGETDURATION:2
#EXT-X-MEDIA-SEQUENCE:6
#EXTINF:2,
live/6.mp3
#EXT-X-PART:DURATION=0.288,URI="live/7.0.mp3",INDEPENDENT=YES
#EXT-X-PART:DURATION=0.12,URI="live/7.1.mp3",INDEPENDENT=YES
#EXTINF:0.408,
live/7.mp3
#EXT-X-PART:DURATION=0.288,URI="live/8.0.mp3",INDEPENDENT=YES
#EXT-X-PRELOAD-HINT:TYPE=PART,URI="live/8.1.mp3"
`;
  const base = 'http://radio.example/live-ll.m3u8?token=t';
  const url = (name) => `http://radio.example/live/${name}.mp3`;
  assert.deepEqual(partsOf(6, text, base), { urls: [], isComplete: true });
  assert.deepEqual(partsOf(7, text, base), { urls: [url('7.0'), url('7.1')], isComplete: true });
  assert.deepEqual(partsOf(8, text, base), { urls: [url('8.0')], isComplete: false });
  assert.deepEqual(partsOf(9, text, base), { urls: [], isComplete: false });
});

test('the parameter for every frame is added to the URL’s other parameters', () => {
  const url = 'http://radio.example/live/7.mp3';
  assert.equal(withEveryFrame(url), `${url}?prompt=`);
  assert.equal(withEveryFrame(`${url}?token=t`), `${url}?token=t&prompt=`);
});

test('the parameters for a part are added to the URL’s other parameters', () => {
  assert.equal(withPart(BASE, 7, 0), `${BASE}?_HLS_msn=7&_HLS_part=0`);
  assert.equal(withPart(`${BASE}?token=t`, 7, 2), `${BASE}?token=t&_HLS_msn=7&_HLS_part=2`);
});
