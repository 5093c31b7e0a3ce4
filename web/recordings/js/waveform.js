// The waveform of a recording: a click seeks, and so do the arrow keys.

import { make } from '../../js/elements/elements.js';
import { setAttribute } from '../../js/language/elements.js';
import { text } from '../../js/language/texts.js';
import { duration } from '../../js/page/text.js';
import { bars, pathOf, readPeaks } from './peaks-reader.js';

const SVG = 'http://www.w3.org/2000/svg';
const TEXTS = {
  label: (name) => text('shelf.place', { name }), value: (place, length) => text('shelf.place-value', { place, length }),
};
const BARS = 200;
/** Seconds of an arrow key, and of a page key. */
const STEPS = { ArrowLeft: -5, ArrowRight: 5, ArrowDown: -5, ArrowUp: 5, PageDown: -60, PageUp: 60 };

/** The place to which a key leads; null for a key without a place. */
export function keyPlace(key, place, length) {
  if (key === 'Home') return 0;
  if (key === 'End') return Math.max(0, length - 1);
  return key in STEPS ? Math.min(Math.max(0, place + STEPS[key]), Math.max(0, length - 1)) : null;
}

export class Waveform {
  #length;
  #seek;
  #place = 0;

  /**
   * @param {string} name of the recording
   * @param {number} length seconds
   * @param {(time: number) => void} seek
   */
  constructor(name, length, seek) {
    [this.#length, this.#seek] = [length, seek];
    this.element = make('div', {
      class: 'waveform', role: 'slider', tabindex: '0', 'aria-valuemin': '0', 'aria-valuemax': String(Math.floor(length)),
      onclick: (event) => this.#click(event),
      onkeydown: (event) => this.#key(event),
    });
    this.rename(name);
  }

  /** Says the name and the place again, in the language of the page. @param {string} name of the recording */
  rename(name) {
    setAttribute(this.element, 'aria-label', TEXTS.label(name));
    this.show(this.#place);
  }

  /** Whether the peaks are there. */
  get isDrawn() { return this.element.childElementCount > 0; }

  /** @param {ArrayBuffer} buffer */
  draw(buffer) {
    const levels = readPeaks(buffer);
    if (!levels?.length) return;
    const heights = bars(levels, BARS);
    const layer = (name) => {
      const [svg, path] = [document.createElementNS(SVG, 'svg'), document.createElementNS(SVG, 'path')];
      svg.setAttribute('viewBox', `0 0 ${heights.length} 100`);
      svg.setAttribute('preserveAspectRatio', 'none');
      svg.setAttribute('class', name);
      svg.setAttribute('aria-hidden', 'true');
      path.setAttribute('d', pathOf(heights));
      svg.append(path);
      return svg;
    };
    this.element.replaceChildren(layer('whole'), layer('played'), make('span', { class: 'clip-span' }));
  }

  /** Shows the place that is heard. @param {number} place seconds */
  show(place) {
    this.#place = place;
    this.element.style.setProperty('--played', this.#percent(place));
    this.element.setAttribute('aria-valuenow', String(Math.floor(place)));
    this.element.setAttribute('aria-valuetext', TEXTS.value(duration(place), duration(this.#length)));
  }

  /** Shows the marks of a clip. @param {{from: number, to: number}?} marks */
  showMarks(marks) {
    this.element.classList.toggle('has-clip', marks !== null);
    if (marks === null) return;
    this.element.style.setProperty('--from', this.#percent(marks.from));
    this.element.style.setProperty('--to', this.#percent(marks.to));
  }

  #percent(place) { return `${(100 * Math.min(1, Math.max(0, place / this.#length))).toFixed(2)}%`; }

  #click(event) {
    const { left, width } = this.element.getBoundingClientRect();
    this.#seek(Math.min(1, Math.max(0, (event.clientX - left) / width)) * this.#length);
  }

  #key(event) {
    const place = keyPlace(event.key, this.#place, this.#length);
    if (place === null) return;
    event.preventDefault();
    this.#seek(place);
  }
}
