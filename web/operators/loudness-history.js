// The loudness history: the loudness of each segment, as far as this page has seen it.

/** Without news the page assumes for this time that the recording continues. */
const TRUST_SECONDS = 2;

/** The recorded fraction of the recording segment, 0 to 1. @param {number} seconds since the status came */
export function recordedFraction({ ring, stream }, seconds) {
  const lengthSeconds = Number(stream.segmentLength);
  const recordedSeconds = ring.recording.bytes * 8 / stream.bitrate;
  const sinceSeconds = stream.ended ? 0 : Math.min(seconds, TRUST_SECONDS);
  return Math.min(1, Math.max(0, (recordedSeconds + sinceSeconds) / lengthSeconds));
}

/** The peak of the loudest channel, 0 to 1. */
export const loudnessOf = ({ levels }) => Math.max(0, ...levels.map(({ peak }) => 10 ** (peak / 20)));

export class LoudnessHistory {
  /** By media sequence number the notes: `[place in the segment, loudness]`, each 0 to 1. */
  #notes = new Map();

  note(sequence, part, loudness) {
    if (!this.#notes.has(sequence)) this.#notes.set(sequence, []);
    this.#notes.get(sequence).push([part, loudness]);
  }

  /** Forgets the segments before `first`. */
  keepFrom(first) {
    for (const sequence of this.#notes.keys()) if (sequence < first) this.#notes.delete(sequence);
  }

  /** The loudness of a segment in `count` bars; zero where the page has not seen it. */
  bars(sequence, count) {
    const notes = this.#notes.get(sequence);
    return Array.from({ length: count }, (_, i) => (notes ? between(notes, (i + 0.5) / count) : 0));
  }
}

/** The loudness at a place: interpolated between two notes, and constant before the first and after the last. */
function between(notes, part) {
  const next = notes.findIndex(([at]) => at >= part);
  if (next < 0) return notes.at(-1)[1];
  if (next === 0) return notes[0][1];
  const [[from, before], [to, after]] = [notes[next - 1], notes[next]];
  return before + (after - before) * (part - from) / (to - from);
}
