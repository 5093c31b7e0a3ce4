// Draws the ring: the segments, the needle at the place that is heard, the pen at the place that is recorded.

import { barsOf } from './peaks.js';
import { CENTER, angleAt, angleOf, arcPath, barCount, barsPath, point } from './ring-geometry.js';

const SVG = 'http://www.w3.org/2000/svg';
const LABEL_RADIUS = 210;

/** A segment on the ring, with its heard part and the part ahead. */
class Slice {
  #heard = element('path', 'heard');
  #ahead = element('path', 'ahead');
  #label = element('text', 'label');
  #drawn = '';
  group = element('g', 'segment');

  constructor(sequence, slots) {
    this.sequence = sequence;
    this.slots = slots;
    const [x, y] = point(angleOf(sequence, 0.5, slots), LABEL_RADIUS);
    for (const [name, value] of Object.entries({ x, y })) this.#label.setAttribute(name, value);
    this.#label.textContent = String(sequence).slice(-3);
    this.group.append(this.#heard, this.#ahead, this.#label);
  }

  /**
   * @param {{levels: number[], version: string}?} bars null while nothing of the segment is known. Other levels have another
   *   version.
   * @param {[number, number]} shown the first and the last place to draw, 0 to 1. The rest of the segment is
   *   overwritten or not recorded yet.
   * @param {number} heard the place up to which the segment is heard, 0 to 1
   */
  draw(bars, shown, heard) {
    const count = barCount(this.slots);
    const [first, last, split] = [...shown, heard].map((part) => Math.round(Math.min(1, Math.max(0, part)) * count));
    const middle = Math.min(last, Math.max(first, split));
    const state = `${bars?.version} ${first} ${middle} ${last}`;
    if (state === this.#drawn) return;
    this.#drawn = state;
    const drawn = bars?.levels ?? new Array(count).fill(0);
    this.#heard.setAttribute('d', barsPath(this.sequence, drawn, first, middle, this.slots));
    this.#ahead.setAttribute('d', barsPath(this.sequence, drawn, middle, last, this.slots));
    this.group.classList.toggle('unfetched', bars === null);
    this.#label.classList.toggle('erased', first > 0);
  }

  leave() {
    this.group.classList.add('leaving');
    this.group.addEventListener('transitionend', () => this.group.remove(), { once: true });
    // Without a transition no transition ends.
    if (getComputedStyle(this.group).transitionDuration === '0s') this.group.remove();
  }
}

/**
 * Events: `seek` (with `sequence` and `fraction`) when the listener chooses a place on the ring.
 */
export class RingView extends EventTarget {
  #svg;
  #hands;
  #segments;
  #needle;
  #record;
  #pen;
  #waveforms;
  /** @type {Map<number, Slice>} by media sequence number */
  #slices = new Map();
  /** The bars of the segments whose sound is known to the end. @type {Map<number, {levels: number[], version: string}>} */
  #bars = new Map();
  #entries = [];
  /** The recording segment; null where there is none. */
  #recording = null;
  #slots = 0;

  /**
   * @param {SVGSVGElement} svg with the segments
   * @param {SVGSVGElement} hands with the needle and the pen, which move above the segments
   * @param {import('./waveforms.js').Waveforms} waveforms
   */
  constructor(svg, hands, waveforms) {
    super();
    this.#svg = svg;
    this.#hands = hands;
    this.#waveforms = waveforms;
    this.#segments = svg.querySelector('.segments');
    this.#record = hands.querySelector('.record');
    this.#pen = hands.querySelector('.pen');
    this.#needle = hands.querySelector('.needle');
    svg.addEventListener('click', (event) => this.#choose(event));
  }

  /**
   * Shows these segments.
   * @param {import('../hls/playlist.js').Entry[]} entries
   * @param {import('../hls/playlist.js').Entry?} recording
   * @param {number?} ringSize null while it is unknown
   */
  update(entries, recording, ringSize) {
    const slots = Math.max(ringSize ?? 0, entries.length);
    if (slots !== this.#slots) {
      for (const slice of this.#slices.values()) slice.group.remove();
      this.#slices.clear();
      this.#bars.clear();
      this.#slots = slots;
      this.#svg.classList.toggle('crowded', slots > 24);
    }
    this.#entries = entries;
    this.#recording = recording;
    const shown = new Set(this.#all.map((entry) => entry.sequence));
    for (const [sequence, slice] of this.#slices) {
      if (shown.has(sequence)) continue;
      slice.leave();
      this.#slices.delete(sequence);
      this.#bars.delete(sequence);
    }
    for (const sequence of shown) {
      if (this.#slices.has(sequence)) continue;
      const slice = new Slice(sequence, slots);
      this.#slices.set(sequence, slice);
      this.#segments.append(slice.group);
    }
  }

  /**
   * Draws the state of this moment.
   * @param {{sequence: number?, offsetSeconds: number?}} playing
   * @param {number?} recordedSeconds of the recording segment; null where there is none
   */
  draw(playing, recordedSeconds) {
    const last = this.#entries.at(-1);
    if (!last) return;
    const heard = this.#all.find((entry) => entry.sequence === playing.sequence);
    const played = heard ? Math.min(1, playing.offsetSeconds / heard.durationSeconds) : null;
    const written = recordedSeconds === null ? 0 : Math.min(1, recordedSeconds / last.durationSeconds);
    for (const entry of this.#all) {
      const { sequence } = entry;
      const isOverwritten = (last.sequence + 1 - sequence) % this.#slots === 0 && !entry.isRecording;
      const shown = entry.isRecording ? [0, written] : [isOverwritten ? written : 0, 1];
      const isHeard = playing.sequence !== null && sequence < playing.sequence;
      this.#slices.get(sequence).draw(this.#barsOf(entry), shown, isHeard ? 1 : entry === heard ? played : 0);
    }
    this.#hands.classList.toggle('silent', heard === undefined);
    if (heard) this.#needle.setAttribute('transform', rotation(angleOf(heard.sequence, played, this.#slots)));
    this.#hands.classList.toggle('recording', recordedSeconds !== null);
    if (recordedSeconds === null) return;
    const [from, to] = [0, written].map((fraction) => angleOf(last.sequence + 1, fraction, this.#slots));
    this.#record.setAttribute('d', arcPath(from, to));
    this.#pen.setAttribute('transform', rotation(to));
  }

  get #all() {
    return this.#recording ? [...this.#entries, this.#recording] : this.#entries;
  }

  #barsOf(entry) {
    const { sequence, durationSeconds, isRecording } = entry;
    const known = this.#bars.get(sequence);
    if (known) return known;
    const peaks = this.#waveforms.get(sequence);
    if (!peaks) return null;
    const isWhole = !isRecording && this.#waveforms.isWhole(entry);
    const version = isWhole ? 'whole' : String(peaks.channels[0].length);
    const bars = { levels: barsOf(peaks, barCount(this.#slots), durationSeconds), version };
    if (isWhole) this.#bars.set(sequence, bars);
    return bars;
  }

  #choose(event) {
    const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.#svg.getScreenCTM().inverse());
    const angle = angleAt(x, y);
    if (angle === null) return;
    const slot = angle / 360 * this.#slots;
    // Two segments may share a slot. The listener means the one that is complete.
    const entry = this.#all.find(({ sequence }) => sequence % this.#slots === Math.floor(slot));
    if (entry) this.dispatchEvent(Object.assign(new Event('seek'), { sequence: entry.sequence, fraction: slot % 1 }));
  }
}

const rotation = (angle) => `rotate(${angle.toFixed(2)} ${CENTER} ${CENTER})`;

function element(name, className) {
  const element = document.createElementNS(SVG, name);
  element.setAttribute('class', className);
  return element;
}
