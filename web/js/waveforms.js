// Decodes what was fetched once more, beside the playback path, to draw it.

import { peaksOf } from './peaks.js';

/** Waiting to be decoded, at most: what is older has left the ring before anybody saw it. */
const MOST_WAITING = 16;

const idle = globalThis.requestIdleCallback ?? ((task) => setTimeout(task, 50));

/**
 * One at a time, in idle time, and only while the page is seen.
 *
 * Events: `change`, when a segment's peaks are there.
 */
export class Waveforms extends EventTarget {
  /** @type {Map<number, import('./peaks.js').Peaks>} by media sequence number */
  #peaks = new Map();
  /** @type {Map<number, Uint8Array>} by media sequence number */
  #waiting = new Map();
  #isBusy = false;
  // Neither a secure context nor a gesture is needed for this one: it makes no sound.
  #decoder = new OfflineAudioContext(2, 1, 48000);

  constructor() {
    super();
    document.addEventListener('visibilitychange', () => this.#work());
  }

  /** @returns {import('./peaks.js').Peaks | undefined} */
  get(sequence) {
    return this.#peaks.get(sequence);
  }

  add(sequence, bytes) {
    if (this.#peaks.has(sequence)) return;
    this.#waiting.set(sequence, bytes);
    if (this.#waiting.size > MOST_WAITING) this.#waiting.delete(this.#waiting.keys().next().value);
    this.#work();
  }

  /** Forgets all segments but those from `first` on. */
  keepFrom(first) {
    for (const map of [this.#peaks, this.#waiting]) {
      for (const sequence of map.keys()) if (sequence < first) map.delete(sequence);
    }
  }

  #work() {
    if (this.#isBusy || document.hidden || this.#waiting.size === 0) return;
    this.#isBusy = true;
    idle(async () => {
      await this.#decodeNext();
      this.#isBusy = false;
      this.#work();
    });
  }

  async #decodeNext() {
    const [next] = this.#waiting;
    if (!next) return;
    const [sequence, bytes] = next;
    this.#waiting.delete(sequence);
    try {
      // The decoder takes the buffer away from whoever had it: hand it a copy.
      const audio = await this.#decoder.decodeAudioData(bytes.slice().buffer);
      const channels = Array.from({ length: audio.numberOfChannels }, (_, i) => audio.getChannelData(i));
      this.#peaks.set(sequence, peaksOf(channels, audio.sampleRate));
      this.dispatchEvent(new Event('change'));
    } catch {
      // No picture of this one; how it sounds is not decided here.
    }
  }
}
