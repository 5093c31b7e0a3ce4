// The waveforms of the segments: the page decodes the downloaded frames a second time, beside the playback, to draw them.
// The server gives the peaks of the segments that the page does not download.

import { concat } from '../mp3/bytes.js';
import { FRAME_SAMPLES } from '../mp3/mp3.js';
import { PEAKS_PER_SECOND, peaksOf } from './peaks.js';

/** At most this number of pieces waits. An older piece has left the ring before anybody sees it. */
const MAX_WAITING = 400;
/**
 * A decoder that starts in the middle misses the bit reservoir and the overlap. So it decodes this many frames before.
 */
const LEAD_IN_FRAMES = 2;
/** At most this much is decoded at once. */
const MAX_BATCH_SECONDS = 2.5;
/** Two pieces with a smaller gap follow each other: the difference comes from rounding. */
const MAX_GAP_SECONDS = 0.01;

/**
 * Decodes one batch at a time, and only while the page is visible.
 *
 * Events: `change` when more of a waveform is known.
 */
export class Waveforms extends EventTarget {
  /** @type {Map<number, import('./peaks.js').Peaks>} by media sequence number */
  #peaks = new Map();
  /** The segments whose peaks the server has given. @type {Set<number>} */
  #given = new Set();
  /** Seconds that are decoded of each segment. @type {Map<number, number>} */
  #decodedSeconds = new Map();
  /** @type {import('../mp3/frame-batch.js').Piece[]} */
  #waiting = [];
  /** The last decoded frames. @type {Uint8Array[]} */
  #before = [];
  #isBusy = false;
  // This context makes no sound, so it needs neither a secure context nor a click.
  #decoder = new OfflineAudioContext(2, 1, 48000);

  constructor() {
    super();
    document.addEventListener('visibilitychange', () => this.#work());
  }

  /** The known peaks of a segment. @returns {import('./peaks.js').Peaks | undefined} */
  get(sequence) {
    return this.#peaks.get(sequence);
  }

  /** Whether all peaks of a segment are known. @param {import('../hls/playlist.js').Entry} entry */
  isWhole({ sequence, durationSeconds }) {
    const decoded = this.#decodedSeconds.get(sequence) ?? 0;
    return this.#given.has(sequence) || decoded > durationSeconds - 1 / PEAKS_PER_SECOND;
  }

  /** Takes the peaks of a whole segment, from the server. */
  put(sequence, peaks) {
    this.#peaks.set(sequence, peaks);
    this.#given.add(sequence);
    this.dispatchEvent(new Event('change'));
  }

  /** @param {import('../mp3/frame-batch.js').Piece} piece */
  add(piece) {
    this.#waiting.push(piece);
    if (this.#waiting.length > MAX_WAITING) this.#waiting.shift();
    this.#work();
  }

  /** Forgets the segments before `first`. */
  keepFrom(first) {
    for (const known of [this.#peaks, this.#given, this.#decodedSeconds]) {
      for (const sequence of known.keys()) if (sequence < first) known.delete(sequence);
    }
    this.#waiting = this.#waiting.filter((piece) => piece.sequence >= first);
  }

  async #work() {
    if (this.#isBusy || document.hidden) return;
    this.#isBusy = true;
    while (this.#waiting.length && !document.hidden) await this.#decodeNext();
    this.#isBusy = false;
  }

  async #decodeNext() {
    const piece = this.#takeRun();
    const before = piece.offsetSeconds > 0 ? this.#before : [];
    this.#before = [...before, ...piece.frames].slice(-LEAD_IN_FRAMES);
    try {
      const audio = await this.#decoder.decodeAudioData(concat([...before, ...piece.frames]).buffer);
      const lead = Math.round(before.length * FRAME_SAMPLES * audio.sampleRate / piece.format.sampleRate);
      const channels = Array.from({ length: audio.numberOfChannels }, (_, i) => audio.getChannelData(i).subarray(lead));
      this.#put(piece, channels);
      this.dispatchEvent(new Event('change'));
    } catch {
      // This piece has no picture. The playback does not depend on that.
    }
  }

  /** Takes the next waiting piece, together with the pieces that follow it without a gap. */
  #takeRun() {
    const first = this.#waiting.shift();
    const frames = [...first.frames];
    let { durationSeconds } = first;
    for (let next; (next = this.#waiting[0]);) {
      const gapSeconds = next.offsetSeconds - first.offsetSeconds - durationSeconds;
      const follows = next.sequence === first.sequence && Math.abs(gapSeconds) < MAX_GAP_SECONDS;
      if (!follows || durationSeconds + next.durationSeconds > MAX_BATCH_SECONDS) break;
      frames.push(...this.#waiting.shift().frames);
      durationSeconds += next.durationSeconds;
    }
    return { ...first, frames, durationSeconds };
  }

  /** Adds peaks at their place. An unknown part before them is silence. */
  #put({ sequence, offsetSeconds, durationSeconds }, channels) {
    this.#decodedSeconds.set(sequence, (this.#decodedSeconds.get(sequence) ?? 0) + durationSeconds);
    if (this.#given.has(sequence)) return;
    const known = this.#peaks.get(sequence)?.channels ?? [];
    const start = Math.round(offsetSeconds * PEAKS_PER_SECOND);
    const end = Math.round((offsetSeconds + durationSeconds) * PEAKS_PER_SECOND);
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
