// Cuts a clip: two marks, a player, a link and a download. The page around decides what a place is.

import { make, setKey, setText } from '../elements/elements.js';
import { languageChanges, text } from '../language/texts.js';
import { duration } from '../page/text.js';

/** Seconds of the longest clip. */
export const LONGEST = 600;

/**
 * The two marks, as seconds; a mark pushes the other one where they would cross, or where the clip would be too long.
 * @param {{from: number, to: number}} marks
 * @param {'from' | 'to'} moved the mark that was moved last
 * @param {{min: number, max: number}} limits
 */
export function settled({ from, to }, moved, { min, max }) {
  const inside = (value) => Math.min(max, Math.max(min, value));
  [from, to] = [inside(from), inside(to)];
  if (moved === 'from') to = Math.min(Math.max(to, from), from + LONGEST);
  else from = Math.max(Math.min(from, to), to - LONGEST);
  return { from, to };
}

export class ClipPanel {
  #source;
  #marks = { from: 0, to: 0 };
  #isSet = false;
  /** Whether the person has moved a mark. */
  #isMoved = false;
  #inputs = {};
  #outputs = {};
  #audio;
  #play;
  #link;
  #length;
  #note;
  #said;
  /** Whether the panel says that there is nothing to cut. */
  #saysNothing = false;

  /**
   * @param {object} source
   * @param {() => {min: number, max: number}?} source.limits seconds; null while there is nothing to cut
   * @param {() => number?} source.place the place that is heard, in the same seconds
   * @param {(place: number) => string} source.words a place for people
   * @param {(from: number, to: number) => string} source.url of the clip
   * @param {string} source.name under which the browser saves the clip
   * @param {(from: number) => string} source.note a sentence about the link
   * @param {AbortSignal} [source.signal] aborted when the panel is gone for ever
   */
  constructor(source) {
    this.#source = source;
    const show = () => this.#showPlaying();
    this.#audio = make('audio', { preload: 'none', onplay: show, onpause: show, onended: show });
    this.#audio.addEventListener('error', () => { if (this.#audio.getAttribute('src')) this.#say('clip.broken'); });
    this.#play = make(
      'button', { type: 'button', class: 'clip-play', onclick: () => this.#toggle(), 'data-text': 'clip.play' });
    this.#link = make('a', { class: 'clip-download', download: source.name, 'data-text': 'recordings.download' });
    this.#length = make('span', { class: 'clip-length' });
    this.#note = make('p', { class: 'clip-note' });
    this.#said = make('p', { class: 'clip-said', role: 'status' });
    this.element = make(
      'div', { class: 'clip-panel' },
      this.#row('from', 'clip.from', 'clip.mark-from'), this.#row('to', 'clip.to', 'clip.mark-to'),
      make('div', { class: 'clip-actions' }, this.#play,
        make('button', {
          type: 'button', class: 'clip-copy', onclick: () => this.#copy(), 'data-text': 'elsewhere.copy-page',
        }), this.#link, this.#length),
      this.#note, this.#said, this.#audio);
    this.update();
    // The times of the marks are written as the language writes them.
    languageChanges.addEventListener('change', () => this.update(), { signal: source.signal });
  }

  /** The marks, for a drawing; null before the first. */
  get marks() { return this.#isSet ? this.#marks : null; }

  /** The panel is opened: proposes the sound that was heard last, unless the person has moved a mark. */
  propose() {
    if (!this.#isMoved) this.#isSet = false;
    this.update();
  }

  /** Follows limits that move on with time. */
  update() {
    const limits = this.#source.limits();
    for (const button of this.element.querySelectorAll('button, input')) button.disabled = limits === null;
    if (limits === null) {
      this.#say('clip.nothing');
      this.#saysNothing = true;
      return;
    }
    if (this.#saysNothing) this.#hush();
    if (!this.#isSet) {
      const place = this.#source.place() ?? limits.max;
      this.#marks = settled({ from: place - 15, to: place }, 'to', limits);
      if (this.#marks.to - this.#marks.from < 1) {
        this.#marks = settled({ from: limits.min, to: limits.min + 15 }, 'from', limits);
      }
      this.#isSet = limits.max > limits.min;
    }
    this.#marks = settled(this.#marks, 'to', limits);
    for (const [which, input] of Object.entries(this.#inputs)) {
      // A value is cut to the limits, so that the limits come first.
      if (input.min !== String(limits.min)) input.min = limits.min;
      if (input.max !== String(limits.max)) input.max = limits.max;
      if (Number(input.value) !== this.#marks[which]) input.value = this.#marks[which];
    }
    this.#show();
  }

  /** @param {'from' | 'to'} which @param {string} label the key of a text @param {string} action the key of a text */
  #row(which, label, action) {
    const input = make('input', { type: 'range', step: '0.1', class: `clip-${which}`, 'data-text-label': label,
      oninput: () => this.#move(which, Number(input.value)) });
    const output = make('output', {});
    this.#inputs[which] = input;
    this.#outputs[which] = output;
    const button = make('button', { type: 'button', class: `mark-${which}`, 'data-text': action, onclick: () => {
      const place = this.#source.place();
      if (place !== null) this.#move(which, place);
    } });
    return make(
      'div', { class: 'clip-row' }, make('span', { class: 'clip-label', 'data-text': label }), input, output, button);
  }

  #move(which, value) {
    const limits = this.#source.limits();
    if (limits === null) return;
    this.#isMoved = true;
    this.#marks = settled({ ...this.#marks, [which]: value }, which, limits);
    this.update();
    this.element.dispatchEvent(new Event('marks'));
  }

  #show() {
    const { from, to } = this.#marks;
    const isEmpty = to - from < 0.5;
    for (const which of ['from', 'to']) {
      const words = this.#source.words(this.#marks[which]);
      setText(this.#outputs[which], words);
      this.#inputs[which].setAttribute('aria-valuetext', words);
    }
    setText(this.#length, duration(Math.max(0, to - from)));
    setText(this.#note, isEmpty ? text('clip.empty') : this.#source.note(from));
    this.#play.disabled = isEmpty;
    const url = this.#source.url(from, to);
    if (isEmpty) this.#link.removeAttribute('href');
    else this.#link.href = url;
    if (this.#audio.getAttribute('src') && this.#audio.src !== url) {
      this.#audio.pause();
      this.#audio.removeAttribute('src');
    }
  }

  #toggle() {
    if (!this.#audio.paused) return this.#audio.pause();
    if (this.#audio.src !== this.#link.href) this.#audio.src = this.#link.href;
    this.#hush();
    this.element.dispatchEvent(new Event('play'));
    this.#audio.play().catch((error) => { if (error.name !== 'AbortError') this.#say('clip.broken'); });
  }

  #showPlaying() { setKey(this.#play, this.#audio.paused ? 'clip.play' : 'clip.pause'); }

  async #copy() {
    const { href } = this.#link;
    try {
      await navigator.clipboard.writeText(href);
      this.#say('clip.copied');
    } catch {
      // Without https there is no clipboard for scripts, but a selection can be copied.
      const field = make('textarea', { class: 'hidden' });
      field.value = href;
      this.element.append(field);
      field.select();
      this.#say(document.execCommand('copy') ? 'clip.copied' : 'clip.not-copied');
      field.remove();
    }
  }

  /** @param {string} key of a text */
  #say(key) {
    this.#saysNothing = false;
    setKey(this.#said, key);
  }

  #hush() {
    this.#saysNothing = false;
    setText(this.#said, '');
  }
}
