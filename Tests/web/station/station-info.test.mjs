import assert from 'node:assert/strict';
import test from 'node:test';
import { stationOf } from '../../../web/js/station/station-info.js';

const STREAM = {
  name: 'live', title: 'Radio Harbour', description: 'Slow records.', genre: 'Jazz', homepage: 'https://harbour.example',
  logo: 'live/logo', on_air: true, state: 'live', now_playing: { title: 'Bolero', artist: 'Maurice Ravel' }, listeners: 12, page: 'live',
  playlist: 'live.m3u8', low_latency_playlist: 'live-ll.m3u8', endless: 'live.mp3',
};
const STATION = { name: 'Harbour', description: null, genre: null, homepage: null, logo: 'station/logo', streams: [STREAM] };
const withStream = (fields) => stationOf({ ...STATION, streams: [{ ...STREAM, ...fields }] }).streams[0];

test('a station is read with its streams', () => {
  assert.deepEqual(stationOf(STATION), {
    name: 'Harbour', description: null, genre: null, homepage: null, logo: 'station/logo',
    streams: [{
      name: 'live', label: 'Radio Harbour', description: 'Slow records.', genre: 'Jazz',
      homepage: 'https://harbour.example/', logo: 'live/logo', isOnAir: true, state: 'live',
      nowPlaying: { title: 'Bolero', artist: 'Maurice Ravel' }, listeners: 12, isPrivate: false,
    }],
  });
});

test('a stream with the logo of the station has none of its own, and an address elsewhere is no logo', () => {
  assert.equal(withStream({ logo: 'station/logo' }).logo, null);
  for (const logo of ['https://evil.example/logo', '//evil/logo', '../logo', 'live/logo?x', 'javascript:alert(1)', 7]) {
    assert.equal(withStream({ logo }).logo, null);
    assert.equal(stationOf({ ...STATION, logo }).logo, null);
  }
});

test('a station that nobody has named has no name, and a stream without a title has its name', () => {
  assert.equal(stationOf({ ...STATION, name: 'ringcast' }).name, null);
  assert.equal(stationOf({ streams: [] }).name, null);
  assert.equal(withStream({ title: null }).label, 'live');
  assert.equal(withStream({ title: ' \n ' }).label, 'live');
});

for (const value of [null, undefined, 7, 'station', [], {}, { streams: {} }, { streams: 'live' }]) {
  test(`${JSON.stringify(value)} is no station`, () => assert.throws(() => stationOf(value), SyntaxError));
}

test('a stream without a valid name is left out, and so is the second one of a name', () => {
  const names = [
    'live', '../x', '//evil.example', 'javascript:alert(1)', '', 'Live', 'a'.repeat(65), null, 3, '-ll', '__proto__', 'live',
    'hall-2',
  ];
  const streams = [null, 'live', 4, [], ...names.map((name) => ({ ...STREAM, name }))];
  assert.deepEqual(stationOf({ ...STATION, streams }).streams.map(({ name }) => name), ['live', 'hall-2']);
});

test('a page shows at most 200 streams', () => {
  const streams = Array.from({ length: 1000 }, (_, i) => ({ ...STREAM, name: `s${i}` }));
  assert.equal(stationOf({ ...STATION, streams }).streams.length, 200);
});

for (const [homepage, expected] of [
  ['http://a.example/b?c#d', 'http://a.example/b?c#d'], ['javascript:alert(1)', null], [' javascript:alert(1)', null],
  ['data:text/html,x', null], ['/relative', null], ['https://user:pass@a.example/', null], [7, null], [null, null],
  [`https://a.example/${'a'.repeat(3000)}`, null],
]) {
  test(`the homepage ${String(homepage).slice(0, 40)} is ${expected === null ? 'no link' : 'a link'}`, () => {
    assert.equal(stationOf({ ...STATION, homepage }).homepage, expected);
    assert.equal(withStream({ homepage }).homepage, expected);
  });
}

test('a browser without URL.canParse reads a homepage', (t) => {
  const { canParse } = URL;
  t.after(() => { URL.canParse = canParse; });
  delete URL.canParse;
  assert.equal(stationOf({ ...STATION, homepage: 'https://harbour.example' }).homepage, 'https://harbour.example/');
  assert.equal(withStream({ homepage: 'no address' }).homepage, null);
});

test('a text is one line of a limited length, without marks that turn its direction', () => {
  assert.equal(withStream({ title: 'a\u202eb\u0000\r\nc' }).label, 'a b c');
  assert.equal(withStream({ title: '<img src=x onerror=alert(1)>' }).label, '<img src=x onerror=alert(1)>');
  const label = withStream({ title: '🎻'.repeat(100_000) }).label;
  assert.equal([...label].length, 300);
  assert.ok(label.endsWith('🎻…'));
  assert.equal(withStream({ title: { toString: () => 'x' } }).label, 'live');
  assert.equal(withStream({ description: ['x'] }).description, null);
});

for (const [now_playing, expected] of [
  [null, null], ['Bolero', null], [{}, null], [{ title: '', artist: 5 }, null],
  [{ title: 'Bolero' }, { title: 'Bolero', artist: null }], [{ artist: 'Ravel', title: [] }, { title: null, artist: 'Ravel' }],
]) {
  test(`the title ${JSON.stringify(now_playing)}`, () => assert.deepEqual(withStream({ now_playing }).nowPlaying, expected));
}

for (const listeners of [-1, 1.5, '7', NaN, Infinity, null, 1e300]) {
  test(`${listeners} is no number of listeners`, () => assert.equal(withStream({ listeners }).listeners, null));
}

test('a stream is on air or private only where the station says true, and an unknown state is unknown', () => {
  const { isOnAir, isPrivate, state } = withStream({ on_air: 'false', private: 1, state: 'constructor' });
  assert.deepEqual([isOnAir, isPrivate, state], [false, false, 'unknown']);
  assert.equal(withStream({ private: true }).isPrivate, true);
});
