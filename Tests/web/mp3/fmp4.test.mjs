import assert from 'node:assert/strict';
import test from 'node:test';
import { initSegment, mediaSegment } from '../../../web/js/mp3/fmp4.js';
import { concat, frame } from './frames.mjs';

const CONTAINERS = ['moov', 'trak', 'mdia', 'minf', 'dinf', 'stbl', 'mvex', 'moof', 'traf'];

/** The boxes in `bytes` as a list of lines with type and size, indented by depth. `found` receives each box's place. */
function walk(bytes, found, offset = 0, depth = 0) {
  const lines = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < bytes.length;) {
    const size = view.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    assert.ok(size >= 8 && at + size <= bytes.length, `${type} of ${size} bytes stays inside its parent`);
    lines.push(`${'  '.repeat(depth)}${type} ${size}`);
    const body = bytes.subarray(at + 8, at + size);
    found[type] = { offset: offset + at, body };
    if (CONTAINERS.includes(type)) lines.push(...walk(body, found, offset + at + 8, depth + 1));
    at += size;
  }
  return lines;
}

const ascii = (text) => [...new TextEncoder().encode(text)];

function words(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return Array.from({ length: bytes.length / 4 }, (_, i) => view.getUint32(i * 4));
}

test('the initialization segment has these boxes', () => {
  const found = {};
  assert.deepEqual(walk(initSegment({ sampleRate: 48000, channels: 2, bitrate: 128000 }), found), [
    'ftyp 24',
    'moov 552',
    '  mvhd 108',
    '  trak 396',
    '    tkhd 92',
    '    mdia 296',
    '      mdhd 32',
    '      hdlr 33',
    '      minf 223',
    '        smhd 16',
    '        dinf 36',
    '          dref 28',
    '        stbl 163',
    '          stsd 87',
    '          stts 16',
    '          stsc 16',
    '          stsz 20',
    '          stco 16',
    '  mvex 40',
    '    trex 32',
  ]);
  assert.deepEqual(words(found.mdhd.body).slice(0, 5), [0, 0, 0, 48000, 0], 'the timescale is the sample rate');
  assert.deepEqual(words(found.trex.body), [0, 1, 1, 1152, 0, 0], 'a sample is a frame of 1152');
});

test('the sample entry names MP3, the sample rate and the channels', () => {
  const found = {};
  walk(initSegment({ sampleRate: 44100, channels: 1, bitrate: 64000 }), found);
  assert.deepEqual([...found.stsd.body], [
    0, 0, 0, 0, 0, 0, 0, 1, // one entry
    0, 0, 0, 71, ...ascii('mp4a'), 0, 0, 0, 0, 0, 0, 0, 1, // data reference 1
    0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 16, 0, 0, 0, 0, // one channel, 16 bits
    0xac, 0x44, 0, 0, // 44100, 16.16 fixed point
    0, 0, 0, 35, ...ascii('esds'), 0, 0, 0, 0,
    3, 21, 0, 1, 0, // ES_Descriptor of ES 1
    4, 13, 0x6b, 0x15, 0, 0, 0, 0, 0, 0xfa, 0, 0, 0, 0xfa, 0, // DecoderConfigDescriptor: MPEG-1 audio, 64000 bit/s
    6, 1, 2, // SLConfigDescriptor
  ]);
});

test('a media segment has these boxes', () => {
  const frames = [frame({ sampleRate: 44100 }), frame({ sampleRate: 44100, padding: 1 })];
  const bytes = mediaSegment(7, 2304, frames);
  const found = {};
  assert.deepEqual(walk(bytes, found), [
    'moof 96',
    '  mfhd 16',
    '  traf 72',
    '    tfhd 16',
    '    tfdt 20',
    '    trun 28',
    'mdat 843',
  ]);
  assert.deepEqual(words(found.mfhd.body), [0, 7]);
  assert.deepEqual(words(found.tfhd.body), [0x020000, 1]);
  assert.deepEqual(words(found.tfdt.body), [0x01000000, 0, 2304]);
  assert.deepEqual(words(found.trun.body), [0x000201, 2, found.mdat.offset + 8, 417, 418]);
  assert.deepEqual(found.mdat.body, concat(...frames));
});

test('the decode time may need more than 32 bits', () => {
  const found = {};
  walk(mediaSegment(1, 2 ** 32 + 5, [frame()]), found);
  assert.deepEqual(words(found.tfdt.body), [0x01000000, 1, 5]);
});
