import assert from 'node:assert/strict';
import test from 'node:test';
import { PEAKS_PER_SECOND } from '../../../web/js/drawing/peaks.js';
import { RingPeaks, peaksAddress } from '../../../web/js/drawing/ring-peaks.js';
import { parsePeaks, parseRingPeaks } from '../../../web/js/drawing/server-peaks.js';

/** The binary form of peaks, one slice for each MP3 frame of 48 kHz. */
function peaks(levels, channels = 2, samplesPerSlice = 1152, sampleRate = 48000) {
  const bytes = new Uint8Array(12 + levels.length);
  bytes.set([0x70, 0x6B, 0x73, 0x31, channels]);
  const view = new DataView(bytes.buffer);
  view.setUint16(6, samplesPerSlice);
  view.setUint32(8, sampleRate);
  bytes.set(levels, 12);
  return bytes;
}

function entry(sequence, levels) {
  const head = new Uint8Array(12);
  const view = new DataView(head.buffer);
  view.setUint32(0, Math.floor(sequence / 2 ** 32));
  view.setUint32(4, sequence % 2 ** 32);
  const content = peaks(levels);
  view.setUint32(8, content.length);
  return [...head, ...content];
}

const buffer = (...parts) => Uint8Array.from(parts.flat()).buffer;

test('peaks come in the slices of the page, and a loud frame stays at its place', () => {
  const levels = new Uint8Array(2 * 84);
  levels[2 * 42] = 255;
  const { channels: [left, right] } = parsePeaks(new DataView(peaks(levels).buffer));
  assert.equal(left.length, Math.round(84 * 1152 / 48000 * PEAKS_PER_SECOND));
  assert.deepEqual([Math.max(...left), Math.max(...right)], [1, 0]);
  // The 42nd frame begins after 1.008 s.
  assert.equal(left.indexOf(1), Math.floor(1.008 * PEAKS_PER_SECOND));
});

test('one channel is one channel', () => {
  assert.equal(parsePeaks(new DataView(peaks([9, 9, 9], 1).buffer)).channels.length, 1);
});

test('bytes that are no peaks are refused', () => {
  for (const bytes of [
    new Uint8Array(0), new Uint8Array(12), peaks([1]), peaks([1, 2], 0), peaks([1, 2], 2, 0), peaks([1, 2], 2, 1, 0),
  ]) assert.throws(() => parsePeaks(new DataView(bytes.buffer)), SyntaxError);
  const ring = buffer(entry(7, [1, 2]));
  for (const length of [1, 12, 20, ring.byteLength - 1]) {
    assert.throws(() => parseRingPeaks(ring.slice(0, length)), SyntaxError);
  }
});

test('the peaks of a ring have the numbers of their segments', () => {
  const ring = parseRingPeaks(buffer(entry(434822610, [1, 2]), entry(2 ** 33 + 5, [3, 4])));
  assert.deepEqual([...ring.keys()], [434822610, 2 ** 33 + 5]);
  assert.equal(parseRingPeaks(buffer()).size, 0);
});

test('the peaks of a segment lie beside the segment', () => {
  assert.equal(peaksAddress('https://radio.example/live/0a/12.mp3'), 'https://radio.example/live/0a/12.peaks');
  assert.equal(peaksAddress('http://a/live/12.mp3?token=x.mp3'), 'http://a/live/12.peaks?token=x.mp3');
});

/** A page whose server answers each request with `answers[url]`. */
function world(answers) {
  const page = { time: 0, asked: [], known: new Map() };
  page.waveforms = {
    isWhole: ({ sequence }) => page.known.has(sequence), put: (sequence, value) => page.known.set(sequence, value),
  };
  page.peaks = new RingPeaks(page.waveforms, 'ring', {
    now: () => page.time,
    fetch: async (url) => {
      page.asked.push(url);
      if (!(url in answers)) throw new Error('404');
      return answers[url];
    },
  });
  return page;
}

const entries = (...numbers) => numbers.map((sequence) => ({ sequence, url: `${sequence}.mp3`, durationSeconds: 2 }));

test('the whole ring comes with one request', async () => {
  const page = world({ ring: buffer(entry(1, [1, 1]), entry(2, [2, 2]), entry(9, [3, 3])) });
  await page.peaks.update(entries(1, 2));
  await page.peaks.update(entries(1, 2));
  assert.deepEqual(page.asked, ['ring']);
  assert.deepEqual([...page.known.keys()], [1, 2]);
});

test('a new segment has time to come by itself, and is asked for alone', async () => {
  const page = world({ ring: buffer(entry(1, [1, 1]), entry(2, [2, 2])), '3.peaks': peaks([5, 5]).buffer });
  await page.peaks.update(entries(1, 2));
  await page.peaks.update(entries(2, 3));
  page.time = 1.4;
  await page.peaks.update(entries(2, 3));
  assert.deepEqual(page.asked, ['ring']);
  page.time = 1.6;
  await page.peaks.update(entries(2, 3));
  assert.deepEqual(page.asked, ['ring', '3.peaks']);
});

test('after a request that brought nothing the page waits', async () => {
  const page = world({});
  for (page.time = 0; page.time < 25; page.time++) await page.peaks.update(entries(1, 2));
  assert.equal(page.asked.length, 3);
});
