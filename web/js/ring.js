// Draws the ring: the segments as they come and go, the needle where the sound is, and the pen where it is recorded.

import { barsOf } from './peaks.js';
import { CENTER, angleAt, angleOf, arcPath, barCount, barsPath, point } from './ring-geometry.js';

const SVG = 'http://www.w3.org/2000/svg';
const LABEL_RADIUS = 210;

/** A segment on the ring: what has been heard of it, and what has not. */
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
   * @param {number[]?} bars null as long as the segment has not been fetched
   * @param {number} erased the part of it that is being recorded over, from its start
   * @param {number} heard the part of it that has been heard
   */
  draw(bars, erased, heard) {
    const count = barCount(this.slots);
    const [first, split] = [erased, heard].map((fraction) => Math.round(Math.min(1, Math.max(0, fraction)) * count));
    const state = `${bars !== null} ${first} ${split}`;
    if (state === this.#drawn) return;
    this.#drawn = state;
    const drawn = bars ?? new Array(count).fill(0);
    this.#heard.setAttribute('d', barsPath(this.sequence, drawn, first, Math.max(first, split), this.slots));
    this.#ahead.setAttribute('d', barsPath(this.sequence, drawn, Math.max(first, split), count, this.slots));
    this.group.classList.toggle('unfetched', bars === null);
    this.#label.classList.toggle('erased', first > 0);
  }

  leave() {
    this.group.classList.add('leaving');
    this.group.addEventListener('transitionend', () => this.group.remove(), { once: true });
    // Where nothing moves, nothing ends.
    if (getComputedStyle(this.group).transitionDuration === '0s') this.group.remove();
  }
}

/**
 * Events: `seek`, with `sequence` and `fraction`, when a place on the ring is chosen.
 */
export class Ring extends EventTarget {
  #svg;
  #hands;
  #segments;
  #needle;
  #record;
  #pen;
  #waveforms;
  /** @type {Map<number, Slice>} by media sequence number */
  #slices = new Map();
  /** @type {Map<number, number[]>} */
  #bars = new Map();
  #entries = [];
  #slots = 0;

  /**
   * @param {SVGSVGElement} svg the segments
   * @param {SVGSVGElement} hands what moves above them
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

  /** Takes the segments that there are now; `ringSize` is null while the server has not said. */
  update(entries, ringSize) {
    const slots = Math.max(ringSize ?? 0, entries.length);
    if (slots !== this.#slots) {
      for (const slice of this.#slices.values()) slice.group.remove();
      this.#slices.clear();
      this.#bars.clear();
      this.#slots = slots;
      this.#svg.classList.toggle('crowded', slots > 24);
    }
    this.#entries = entries;
    const listed = new Set(entries.map((entry) => entry.sequence));
    for (const [sequence, slice] of this.#slices) {
      if (listed.has(sequence)) continue;
      slice.leave();
      this.#slices.delete(sequence);
      this.#bars.delete(sequence);
    }
    for (const sequence of listed) {
      if (this.#slices.has(sequence)) continue;
      const slice = new Slice(sequence, slots);
      this.#slices.set(sequence, slice);
      this.#segments.append(slice.group);
    }
  }

  /**
   * Draws this moment.
   * @param {{sequence: number?, offset: number?}} playing
   * @param {number?} recorded seconds of the segment that is being recorded; null when nothing is
   */
  draw(playing, recorded) {
    const last = this.#entries.at(-1);
    if (!last) return;
    const entry = this.#entries.find((entry) => entry.sequence === playing.sequence);
    const played = entry ? playing.offset / entry.duration : null;
    const written = recorded === null ? 0 : Math.min(1, recorded / last.duration);
    for (const [sequence, slice] of this.#slices) {
      const isOverwritten = (last.sequence + 1 - sequence) % this.#slots === 0;
      const isHeard = playing.sequence !== null && sequence < playing.sequence;
      const heard = isHeard ? 1 : sequence === playing.sequence ? played : 0;
      slice.draw(this.#barsOf(sequence), isOverwritten ? written : 0, heard);
    }
    this.#hands.classList.toggle('silent', entry === undefined);
    if (entry) this.#needle.setAttribute('transform', rotation(angleOf(entry.sequence, played, this.#slots)));
    this.#hands.classList.toggle('recording', recorded !== null);
    if (recorded === null) return;
    const [from, to] = [0, written].map((fraction) => angleOf(last.sequence + 1, fraction, this.#slots));
    this.#record.setAttribute('d', arcPath(from, to));
    this.#pen.setAttribute('transform', rotation(to));
  }

  #barsOf(sequence) {
    if (!this.#bars.has(sequence)) {
      const peaks = this.#waveforms.get(sequence);
      if (!peaks) return null;
      this.#bars.set(sequence, barsOf(peaks, barCount(this.#slots)));
    }
    return this.#bars.get(sequence);
  }

  #choose(event) {
    const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.#svg.getScreenCTM().inverse());
    const angle = angleAt(x, y);
    if (angle === null) return;
    const slot = angle / 360 * this.#slots;
    const entry = this.#entries.find(({ sequence }) => sequence % this.#slots === Math.floor(slot));
    if (entry) this.dispatchEvent(Object.assign(new Event('seek'), { sequence: entry.sequence, fraction: slot % 1 }));
  }
}

const rotation = (angle) => `rotate(${angle.toFixed(2)} ${CENTER} ${CENTER})`;

function element(name, className) {
  const element = document.createElementNS(SVG, name);
  element.setAttribute('class', className);
  return element;
}
