// Asks the server for the peaks of the segments that the page has not downloaded: one request for the whole ring, and one
// for each new segment whose sound does not come to the page.

import { now as monotonicNow } from '../net/clock.js';
import { download } from '../net/download.js';
import { parsePeaks, parseRingPeaks } from './server-peaks.js';

const TIMEOUT_SECONDS = 6;
/** The sound of a new segment may still come, or wait for the decoder. */
const PATIENCE_SECONDS = 1.5;
/** After a request that brought nothing. */
const RETRY_SECONDS = 10;

/** The address of the peaks beside the address of a segment. @param {string} segment */
export const peaksAddress = (segment) => segment.replace(/\.[^./?]+(?=$|\?)/, '.peaks');

export class RingPeaks {
  #waveforms;
  #ringURL;
  #fetch;
  #now;
  /** When the page has seen each segment first, by media sequence number. @type {Map<number, number>} */
  #seenAt = new Map();
  #isFirst = true;
  #isBusy = false;
  #notBefore = -Infinity;

  /**
   * @param {import('./waveforms.js').Waveforms} waveforms gets the peaks
   * @param {string} ringURL
   * @param {object} [world]
   * @param {(url: string) => Promise<ArrayBuffer>} [world.fetch]
   * @param {() => number} [world.now] seconds
   */
  constructor(waveforms, ringURL, { fetch = fetchBytes, now = monotonicNow } = {}) {
    this.#waveforms = waveforms;
    this.#ringURL = ringURL;
    this.#fetch = fetch;
    this.#now = now;
  }

  /**
   * Asks for what is missing. To be called often.
   * @param {import('../hls/playlist.js').Entry[]} entries the complete segments of the ring
   */
  async update(entries) {
    const time = this.#now();
    for (const { sequence } of entries) if (!this.#seenAt.has(sequence)) this.#seenAt.set(sequence, time);
    for (const sequence of this.#seenAt.keys()) if (sequence < entries[0]?.sequence) this.#seenAt.delete(sequence);
    if (this.#isBusy || time < this.#notBefore) return;
    const patience = this.#isFirst ? 0 : PATIENCE_SECONDS;
    const missing = entries.filter((entry) =>
      time - this.#seenAt.get(entry.sequence) >= patience && !this.#waveforms.isWhole(entry));
    if (missing.length === 0) return;
    this.#isFirst = false;
    this.#isBusy = true;
    try {
      const peaks = missing.length > 1
        ? parseRingPeaks(await this.#fetch(this.#ringURL))
        : new Map([[missing[0].sequence, parsePeaks(new DataView(await this.#fetch(peaksAddress(missing[0].url))))]]);
      for (const { sequence } of entries) if (peaks.has(sequence)) this.#waveforms.put(sequence, peaks.get(sequence));
    } catch {
      // The ring has no picture of these segments, and the sound does not depend on that.
    }
    this.#isBusy = false;
    if (missing.some((entry) => !this.#waveforms.isWhole(entry))) this.#notBefore = this.#now() + RETRY_SECONDS;
  }
}

const fetchBytes = (url) => download(url, 'arrayBuffer', {
  timeoutSeconds: TIMEOUT_SECONDS, cache: 'default', headers: { 'Ringcast-Session': '-' },
});
