// Draws the ring: the segments that listeners can fetch, and the recording segment.

import { CENTER, angleOf, arcPath, barCount, barsPath, point } from '../js/drawing/ring-geometry.js';
import { text } from '../js/language/texts.js';

const SVG = 'http://www.w3.org/2000/svg';
const LABEL_RADIUS = 210;

export class RingView {
  #svg;
  #loudness;
  #segments;
  #record;
  #pen;
  /** @type {Map<number, SVGGElement>} by media sequence number */
  #groups = new Map();
  #slots = 0;

  /**
   * @param {SVGSVGElement} svg
   * @param {import('./loudness-history.js').LoudnessHistory} loudness
   */
  constructor(svg, loudness) {
    this.#svg = svg;
    this.#loudness = loudness;
    this.#segments = svg.querySelector('.segments');
    this.#record = svg.querySelector('.record');
    this.#pen = svg.querySelector('.pen');
  }

  /** Shows the ring of a status. */
  update({ first, last, recording }, ringSize) {
    const slots = Math.max(ringSize, first === null ? 0 : last - first + 1);
    if (slots !== this.#slots) this.#clear(slots);
    this.#svg.classList.toggle('recording', recording !== null);
    for (const [sequence, group] of this.#groups) {
      if (first !== null && sequence >= first && sequence <= last) continue;
      group.remove();
      this.#groups.delete(sequence);
    }
    if (first === null) return;
    for (let sequence = first; sequence <= last; sequence++) {
      if (!this.#groups.has(sequence)) this.#add(sequence);
    }
    this.#loudness.keepFrom(first);
    this.#svg.setAttribute('aria-label', text('player.ring', { first: String(first), last: String(last) }));
  }

  /** Shows the recorded fraction (0 to 1) of the recording segment. */
  draw(sequence, recorded) {
    const [from, to] = [0, recorded].map((part) => angleOf(sequence, part, this.#slots));
    this.#record.setAttribute('d', arcPath(from, to));
    this.#pen.setAttribute('transform', `rotate(${to.toFixed(2)} ${CENTER} ${CENTER})`);
    // The recording segment replaces the segment in its slot.
    this.#groups.get(sequence - this.#slots)?.classList.add('leaving');
  }

  #clear(slots) {
    for (const group of this.#groups.values()) group.remove();
    this.#groups.clear();
    this.#slots = slots;
    this.#svg.classList.toggle('crowded', slots > 24);
  }

  #add(sequence) {
    const count = barCount(this.#slots);
    const bars = this.#loudness.bars(sequence, count);
    const [x, y] = point(angleOf(sequence, 0.5, this.#slots), LABEL_RADIUS);
    const label = element('text', { class: 'label', x, y });
    label.textContent = String(sequence).slice(-3);
    const group = element('g', { class: 'segment' });
    group.append(element('path', { class: 'heard', d: barsPath(sequence, bars, 0, count, this.#slots) }), label);
    this.#groups.set(sequence, group);
    this.#segments.append(group);
  }
}

function element(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}
