// PCM16: samples as 16-bit integers, least significant byte first, channels interleaved. Pure.

/** @param {Float32Array[]} channels of equal length @returns {Uint8Array} */
export function encodePCM16(channels) {
  const count = channels.length;
  const bytes = new Uint8Array(2 * count * channels[0].length);
  const view = new DataView(bytes.buffer);
  channels.forEach((samples, channel) => {
    for (let i = 0; i < samples.length; i++) {
      const value = Math.round(samples[i] * 32768);
      view.setInt16(2 * (i * count + channel), Math.max(-32768, Math.min(32767, value)), true);
    }
  });
  return bytes;
}

/** @param {Uint8Array} bytes @param {number} count of channels @returns {Float32Array[]} */
export function decodePCM16(bytes, count) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = Math.floor(bytes.length / (2 * count));
  return Array.from({ length: count }, (_, channel) => Float32Array.from(
    { length }, (_, i) => view.getInt16(2 * (i * count + channel), true) / 32768));
}
