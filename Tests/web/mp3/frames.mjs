// Handmade segments for the tests.

const BITRATES = { 32: 1, 64: 5, 128: 9, 320: 14 };
const SAMPLE_RATES = { 44100: 0, 48000: 1, 32000: 2 };

/** A frame of MPEG-1 Layer III that decodes to silence: a header and zeros. */
export function frame({ bitrate = 128, sampleRate = 48000, channels = 2, padding = 0 } = {}) {
  const bytes = new Uint8Array(Math.floor(144000 * bitrate / sampleRate) + padding);
  const rates = BITRATES[bitrate] << 4 | SAMPLE_RATES[sampleRate] << 2 | padding << 1;
  bytes.set([0xff, 0xfb, rates, channels === 1 ? 0xc0 : 0x00]);
  return bytes;
}

/** The 73 bytes before each segment (RFC 8216 §3.4). `timestamp` counts at 90 kHz. */
export function timestampTag(timestamp = 0) {
  const tag = new Uint8Array(73);
  tag.set([0x49, 0x44, 0x33, 4, 0, 0, 0, 0, 0, 63]);
  tag.set(new TextEncoder().encode('PRIV'), 10);
  tag.set([0, 0, 0, 53], 14);
  tag.set(new TextEncoder().encode('com.apple.streaming.transportStreamTimestamp'), 20);
  new DataView(tag.buffer).setBigUint64(65, BigInt(timestamp));
  return tag;
}

export const concat = (...parts) => Uint8Array.from(parts.flatMap((part) => [...part]));
