import assert from 'node:assert/strict';
import test from 'node:test';
import { actionOf } from '../../../web/js/page/controls.js';
import { checked } from '../../../web/js/page/preferences.js';
import { streamURLs, withToken, withoutToken } from '../../../web/js/page/stream-urls.js';
import * as text from '../../../web/js/page/text.js';
import {
  DEFAULT_LATENCY_MODE, LATENCY_MODES, latencyModeIn, latencyModeNamed,
} from '../../../web/js/playback/latency-modes.js';

const PAGE = { tagName: 'BODY', id: '' };
const BUTTON = { tagName: 'BUTTON', id: 'mute' };
const SEEK = { tagName: 'INPUT', id: 'seek' };
const VOLUME = { tagName: 'INPUT', id: 'volume' };
const LATENCY_MODE = { tagName: 'INPUT', id: 'latency-mode' };
const TOKEN = { tagName: 'INPUT', id: 'token' };
const EMBED = { tagName: 'TEXTAREA', id: 'embed' };

for (const [key, target, action] of [
  [' ', PAGE, 'toggle'], [' ', SEEK, 'toggle'], [' ', BUTTON, undefined],
  ['k', PAGE, 'toggle'], ['K', BUTTON, 'toggle'],
  ['m', PAGE, 'mute'], ['M', VOLUME, 'mute'],
  ['l', PAGE, 'live'], ['End', PAGE, 'live'], ['End', SEEK, 'live'], ['End', VOLUME, undefined],
  ['Home', PAGE, 'oldest'], ['Home', VOLUME, undefined],
  ['ArrowLeft', LATENCY_MODE, undefined], ['ArrowUp', LATENCY_MODE, undefined], [' ', LATENCY_MODE, 'toggle'],
  ['ArrowLeft', PAGE, 'back'], ['ArrowRight', SEEK, 'forth'], ['ArrowLeft', VOLUME, undefined],
  ['ArrowUp', PAGE, 'louder'], ['ArrowDown', PAGE, 'softer'], ['ArrowDown', VOLUME, undefined],
  ['k', TOKEN, undefined], [' ', TOKEN, undefined], ['End', TOKEN, undefined],
  [' ', EMBED, undefined], ['ArrowLeft', EMBED, undefined],
  ['Tab', PAGE, undefined], ['Enter', BUTTON, undefined], ['x', PAGE, undefined],
]) {
  test(`“${key}” on ${target.id || 'the page'}: ${action ?? 'the browser’s own'}`, () => {
    assert.equal(actionOf(key, target), action);
  });
}

const never = latencyModeNamed('never');
for (const [stored, expected] of [
  [null, { volume: 1, muted: false, latencyMode: DEFAULT_LATENCY_MODE }],
  [{ volume: 0.3, muted: true, latencyMode: 'never' }, { volume: 0.3, muted: true, latencyMode: never }],
  [{ volume: 0 }, { volume: 0, muted: false, latencyMode: DEFAULT_LATENCY_MODE }],
  [{ volume: 7, muted: 'yes', latencyMode: 'toString' }, { volume: 1, muted: false, latencyMode: DEFAULT_LATENCY_MODE }],
  [{ volume: NaN, latencyMode: 3 }, { volume: 1, muted: false, latencyMode: DEFAULT_LATENCY_MODE }],
  [{ wish: 'never' }, { volume: 1, muted: false, latencyMode: never }],
  [{ wish: 'low', latencyMode: 'never' }, { volume: 1, muted: false, latencyMode: never }],
  ['nonsense', { volume: 1, muted: false, latencyMode: DEFAULT_LATENCY_MODE }],
]) {
  test(`preferences stored as ${JSON.stringify(stored)}`, () => assert.deepEqual(checked(stored), expected));
}

test('the latency modes go from as live as possible to ten seconds, and each has its own name', () => {
  assert.equal(LATENCY_MODES[0].prefersLowestLatency, true);
  assert.equal(LATENCY_MODES.at(-1).cushionSeconds, 10);
  assert.deepEqual(LATENCY_MODES.map(({ name }) => latencyModeNamed(name)), LATENCY_MODES);
  const cushions = LATENCY_MODES.map(({ cushionSeconds }) => cushionSeconds);
  assert.deepEqual(cushions, [...cushions].sort((a, b) => a - b));
});

for (const [query, name] of [
  ['?latency=live', 'live'], ['?cushion=live', 'live'], ['?latency=safe&cushion=live', 'safe'],
  ['?latency=toString&cushion=calm', 'calm'], ['?latency=soon', undefined], ['', undefined],
]) {
  test(`the address “/${query}” asks for ${name ?? 'no'} latency mode`, () => {
    assert.equal(latencyModeIn(new URL(query, 'https://radio.example/'))?.name, name);
  });
}

test('a token in the address is added to every URL, and leaves the address', () => {
  const page = new URL('https://radio.example/?latency=live&token=open-sesame');
  const { token, hasToken, playlist, lowLatencyPlaylist, endless, info } = streamURLs(page);
  assert.ok(hasToken);
  assert.equal(token, 'open-sesame');
  assert.equal(playlist, 'https://radio.example/live.m3u8?token=open-sesame');
  assert.equal(lowLatencyPlaylist, 'https://radio.example/live-ll.m3u8?token=open-sesame');
  assert.equal(endless, 'https://radio.example/live.mp3?token=open-sesame');
  assert.equal(info, 'https://radio.example/live.json?token=open-sesame');
  assert.equal(withoutToken(page), 'https://radio.example/?latency=live');
  assert.equal(withoutToken(new URL('https://radio.example/')), 'https://radio.example/');
  assert.equal(withToken(page, 'a b&c'), 'https://radio.example/?latency=live&token=a+b%26c');
});

test('the stream is live, or the one in the address', () => {
  const { pictures, picture, ...addresses } = streamURLs(new URL('http://radio.example:8080/'));
  assert.deepEqual(addresses, {
    name: 'live', token: null, hasToken: false, playlist: 'http://radio.example:8080/live.m3u8',
    lowLatencyPlaylist: 'http://radio.example:8080/live-ll.m3u8', endless: 'http://radio.example:8080/live.mp3',
    info: 'http://radio.example:8080/live.json', m3u: 'http://radio.example:8080/live.m3u',
    pls: 'http://radio.example:8080/live.pls', ringPeaks: 'http://radio.example:8080/live/ring.peaks',
    played: 'http://radio.example:8080/live/played.json', qrCode: 'http://radio.example:8080/live/qr.svg',
    station: 'http://radio.example:8080/',
  });
  assert.equal(pictures(0), 'http://radio.example:8080/live/pictures/0.json');
  assert.equal(pictures(7), 'http://radio.example:8080/live/pictures/7.json');
  assert.equal(picture(7), 'http://radio.example:8080/live/picture/7.jpg');
  const playlist = (page) => streamURLs(new URL(page, 'http://radio.example')).playlist;
  assert.equal(playlist('/a/index.html?stream=kitchen'), 'http://radio.example/a/kitchen.m3u8');
  assert.equal(streamURLs(new URL('/a/hall?token=x', 'http://radio.example'), 'hall').playlist,
    'http://radio.example/a/hall.m3u8?token=x');
  assert.equal(streamURLs(new URL('/hall?stream=kitchen', 'http://radio.example'), 'hall').station, 'http://radio.example/');
  assert.equal(playlist('/?stream=//evil.example/x'), 'http://radio.example/%2F%2Fevil.example%2Fx.m3u8');
});

test('numbers have the form that people read', () => {
  assert.deepEqual(
    [3.44, 1, 0.999, 0.344, 0, -0.2, null].map(text.seconds), ['3.4 s', '1.0 s', '1.0 s', '0.34 s', '0.00 s', '0.00 s', '–']);
  assert.deepEqual([128000, null].map(text.bitrate), ['128 kbit/s', '–']);
  assert.deepEqual([null, 'mse-mp4', 'new'].map(text.engine), ['–', 'Media Source, MP4', '–']);
  assert.deepEqual([0, 7.9, 723, 3600, 360061].map(text.duration), ['0:00', '0:07', '12:03', '1:00:00', '100:01:01']);
  assert.deepEqual([0.6, 12.2].map(text.behind), ['1 second behind live', '12 seconds behind live']);
});
