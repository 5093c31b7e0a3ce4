// Decodes what has come in once more, beside the playback path, to draw it.

import { concat } from '../mp3/bytes.js';
import { FRAME_SAMPLES } from '../mp3/mp3.js';
import { PEAKS_PER_SECOND, peaksOf } from './peaks.js';

/** Pieces waiting to be decoded, at most: what is older has left the ring before anybody saw it. */
const MAX_WAITING = 400;
/** A decoder that begins in the middle misses the bit reservoir, and what overlaps: so many frames come before. */
const LEAD_IN_FRAMES = 2;
/** No more than this is decoded at once, s. */
const MAX_BATCH_SECONDS = 2.5;

/**
 * One batch at a time, and only while the page is seen.
 *
 * Events: `change`, when there is more to see.
 */
export class Waveforms extends EventTarget {
  /** @type {Map<number, import('./peaks.js').Peaks>} by media sequence number */
  #peaks = new Map();
  /** @type {import('../mp3/frame-batch.js').Piece[]} */
  #waiting = [];
  /** @type {Uint8Array[]} the last frames that were decoded */
  #before = [];
  #isBusy = false;
  // Neither a secure context nor a gesture is needed for this one: it makes no sound.
  #decoder = new OfflineAudioContext(2, 1, 48000);

  constructor() {
    super();
    document.addEventListener('visibilitychange', () => this.#work());
  }

  /** What is known so far; undefined for nothing. @returns {import('./peaks.js').Peaks | undefined} */
  get(sequence) {
    return this.#peaks.get(sequence);
  }

  /** @param {import('../mp3/frame-batch.js').Piece} piece */
  add(piece) {
    this.#waiting.push(piece);
    if (this.#waiting.length > MAX_WAITING) this.#waiting.shift();
    this.#work();
  }

  /** Forgets all segments but those from `first` on. */
  keepFrom(first) {
    for (const sequence of this.#peaks.keys()) if (sequence < first) this.#peaks.delete(sequence);
    this.#waiting = this.#waiting.filter((piece) => piece.sequence >= first);
  }

  async #work() {
    if (this.#isBusy || document.hidden) return;
    this.#isBusy = true;
    while (this.#waiting.length && !document.hidden) await this.#decodeNext();
    this.#isBusy = false;
  }

  async #decodeNext() {
    const piece = this.#takeWhatFollows();
    const before = piece.offsetSeconds > 0 ? this.#before : [];
    this.#before = [...before, ...piece.frames].slice(-LEAD_IN_FRAMES);
    try {
      const audio = await this.#decoder.decodeAudioData(concat([...before, ...piece.frames]).buffer);
      const lead = Math.round(before.length * FRAME_SAMPLES * audio.sampleRate / piece.format.sampleRate);
      const channels = Array.from({ length: audio.numberOfChannels }, (_, i) => audio.getChannelData(i).subarray(lead));
      this.#put(piece, channels);
      this.dispatchEvent(new Event('change'));
    } catch {
      // No picture of this one; how it sounds is not decided here.
    }
  }

  /** What waits and is of one run is decoded together. */
  #takeWhatFollows() {
    const first = this.#waiting.shift();
    const frames = [...first.frames];
    let { durationSeconds } = first;
    for (let next; (next = this.#waiting[0]);) {
      const follows = next.sequence === first.sequence && Math.abs(next.offsetSeconds - first.offsetSeconds - durationSeconds) < 0.01;
      if (!follows || durationSeconds + next.durationSeconds > MAX_BATCH_SECONDS) break;
      frames.push(...this.#waiting.shift().frames);
      durationSeconds += next.durationSeconds;
    }
    return { ...first, frames, durationSeconds };
  }

  /** Puts peaks in their place; what was left out before them is silence, as far as is known. */
  #put({ sequence, offsetSeconds, durationSeconds }, channels) {
    const known = this.#peaks.get(sequence)?.channels ?? [];
    const [start, end] = [offsetSeconds, offsetSeconds + durationSeconds].map((time) => Math.round(time * PEAKS_PER_SECOND));
    if (end === start) return;
    const joined = peaksOf(channels, end - start).channels.map((peaks, i) => {
      const all = new Float32Array(Math.max(end, known[i]?.length ?? 0));
      if (known[i]) all.set(known[i]);
      all.set(peaks, start);
      return all;
    });
    this.#peaks.set(sequence, { channels: joined });
  }
}
