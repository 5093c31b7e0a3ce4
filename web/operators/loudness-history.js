// How far the ring has been recorded, and how loud it was where somebody has looked.

/** Seconds for which the recording is taken to go on without news. */
const TRUST_SECONDS = 2;

/** Which part of the segment at hand is recorded, 0 … 1, so many seconds after the status came. */
export function recordedFraction({ ring, stream }, seconds) {
  const lengthSeconds = Number(stream.segmentLength);
  const recordedSeconds = ring.recording.bytes * 8 / stream.bitrate;
  const sinceSeconds = stream.ended ? 0 : Math.min(seconds, TRUST_SECONDS);
  return Math.min(1, Math.max(0, (recordedSeconds + sinceSeconds) / lengthSeconds));
}

/** The loudest channel's peak, 0 … 1. */
export const loudnessOf = ({ levels }) => Math.max(0, ...levels.map(({ peak }) => 10 ** (peak / 20)));

/** What is known of the loudness of each segment. */
export class LoudnessHistory {
  /** By media sequence number, what was noted: `[part of the segment, 0 … 1, loudness, 0 … 1]`. */
  #notes = new Map();

  note(sequence, part, loudness) {
    if (!this.#notes.has(sequence)) this.#notes.set(sequence, []);
    this.#notes.get(sequence).push([part, loudness]);
  }

  /** Forgets what was before a segment. */
  keepFrom(first) {
    for (const sequence of this.#notes.keys()) if (sequence < first) this.#notes.delete(sequence);
  }

  /** The loudness of a segment in so many bars; flat where nobody has looked. */
  bars(sequence, count) {
    const notes = this.#notes.get(sequence);
    return Array.from({ length: count }, (_, i) => (notes ? between(notes, (i + 0.5) / count) : 0));
  }
}

/** Between two notes it is a straight line, and beyond the first and the last the same. */
function between(notes, part) {
  const next = notes.findIndex(([at]) => at >= part);
  if (next < 0) return notes.at(-1)[1];
  if (next === 0) return notes[0][1];
  const [[from, before], [to, after]] = [notes[next - 1], notes[next]];
  return before + (after - before) * (part - from) / (to - from);
}
