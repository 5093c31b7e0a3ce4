import assert from 'node:assert/strict';
import test from 'node:test';
import { FrameParser, frameHeader, silentFrame, tagSize } from '../../../web/js/mp3/mp3.js';
import { concat, frame, timestampTag } from './frames.mjs';

// ISO/IEC 11172-3 §2.4.3.1: a slot is a byte. A frame has 144 × bitrate / sampling frequency bytes and the padding.
for (const [options, size] of [
  [{ bitrate: 128, sampleRate: 48000 }, 384],
  [{ bitrate: 128, sampleRate: 44100 }, 417],
  [{ bitrate: 128, sampleRate: 44100, padding: 1 }, 418],
  [{ bitrate: 320, sampleRate: 32000 }, 1440],
  [{ bitrate: 32, sampleRate: 48000, channels: 1 }, 96],
]) {
  test(`a frame header of ${JSON.stringify(options)}`, () => {
    const { bitrate, sampleRate, channels = 2 } = options;
    assert.deepEqual(frameHeader(frame(options)), { sampleRate, channels, bitrate: bitrate * 1000, size });
  });
}

for (const [what, bytes] of [
  ['too short', [0xff, 0xfb, 0x94]],
  ['no sync', [0xff, 0x0b, 0x94, 0]],
  ['MPEG-2', [0xff, 0xf3, 0x94, 0]],
  ['Layer II', [0xff, 0xfd, 0x94, 0]],
  ['the free format', [0xff, 0xfb, 0x04, 0]],
  ['the forbidden bitrate', [0xff, 0xfb, 0xf4, 0]],
  ['the reserved sampling frequency', [0xff, 0xfb, 0x9c, 0]],
]) {
  test(`no frame header: ${what}`, () => assert.equal(frameHeader(Uint8Array.from(bytes)), null));
}

test('the size of a tag is syncsafe and includes the footer', () => {
  assert.equal(tagSize(timestampTag()), 73);
  assert.equal(tagSize(Uint8Array.of(0x49, 0x44, 0x33, 4, 0, 0x10, 0, 0, 1, 1)), 10 + 129 + 10);
  assert.equal(tagSize(frame()), 0);
});

function parse(...pieces) {
  const parser = new FrameParser();
  const frames = pieces.flatMap((bytes) => parser.push(bytes));
  parser.finish();
  return { frames, format: parser.format };
}

const FRAMES = [frame({ sampleRate: 44100 }), frame({ sampleRate: 44100, padding: 1 }), frame({ sampleRate: 44100 })];
const SEGMENT = concat(timestampTag(), FRAMES[0], FRAMES[1], timestampTag(2160), FRAMES[2]);

test('a segment is split into its frames, without the tags between them', () => {
  const { frames, format } = parse(SEGMENT);
  assert.deepEqual(frames, FRAMES);
  assert.deepEqual([format.sampleRate, format.channels, format.bitrate], [44100, 2, 128000]);
});

test('the bytes of a segment may come in pieces of any size', () => {
  for (const size of [1, 2, 9, 10, 73, 100, 416, 417, 1000]) {
    const pieces = [];
    for (let at = 0; at < SEGMENT.length; at += size) pieces.push(SEGMENT.subarray(at, at + size));
    assert.deepEqual(parse(...pieces).frames, FRAMES, `${size}`);
  }
});

test('a frame is handed on as soon as it is complete', () => {
  const parser = new FrameParser();
  assert.equal(parser.push(SEGMENT.subarray(0, 73 + 416)).length, 0);
  assert.equal(parser.push(SEGMENT.subarray(73 + 416, 73 + 417)).length, 1);
});

for (const [what, bytes] of [
  ['an error page', new TextEncoder().encode('<!doctype html><title>404</title>')],
  ['a tag and nothing else', timestampTag()],
  ['no bytes', new Uint8Array(0)],
  ['a frame that is cut short', frame().subarray(0, 383)],
  ['rubbish after a frame', concat(frame(), new Uint8Array(10))],
  ['a change of the sample rate', concat(frame(), frame({ sampleRate: 44100 }))],
  ['a change of the channels', concat(frame(), frame({ channels: 1 }))],
]) {
  test(`a segment is refused: ${what}`, () => assert.throws(() => parse(bytes), SyntaxError));
}

test('a silent frame has the given format', () => {
  for (const format of [
    { sampleRate: 48000, channels: 2, bitrate: 128000 }, { sampleRate: 44100, channels: 1, bitrate: 64000 },
  ]) {
    const { size, ...header } = frameHeader(silentFrame(format));
    assert.deepEqual(header, format);
    assert.equal(silentFrame(format).length, size);
  }
});
