// An upload in the list of recordings: its title, a waveform, a button to play, and a download.

import { make, setText } from '../../js/elements/elements.js';
import { text } from '../../js/language/texts.js';
import { began, preparation, size } from '../../js/page/stored.js';
import { duration } from '../../js/page/text.js';

const TEXTS = {
  get unpublished() { return text('upload.unpublished'); },
  play: (name) => text('recordings.play', { name }), pause: (name) => text('recordings.pause', { name }),
  downloadOf: (name) => text('recordings.download-of', { name }),
};
const SVG = 'http://www.w3.org/2000/svg';

function shape(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

const mark = (name, d) =>
  shape('svg', { viewBox: '0 0 24 24', 'aria-hidden': 'true', class: name }, shape('path', { d }));

/** The outline of the sound. @param {number[]} peaks 0 to 100 */
export const outline = (peaks) =>
  peaks.map((peak, i) => `M${i + 0.5} ${(50 - peak / 2).toFixed(1)}V${(50 + Math.max(peak / 2, 0.7)).toFixed(1)}`).join('');

/** @param {object} upload as `/recordings.json` lists it */
export function uploadFacts(upload, locale) {
  const { length, size: bytes, published, state } = upload;
  return [began(upload, locale), length === null ? null : duration(length), size(bytes), published ? null : TEXTS.unpublished,
    state === 'processing' ? preparation(upload) : null].filter(Boolean).join(' · ');
}

/** A row with the same face as that of a recording. */
export class UploadRow {
  #upload;
  #audio;
  #address;
  #start;
  #title;
  #facts;
  #wave;
  #fault;
  #download;
  /** Aborted when the row is gone. */
  #gone = new AbortController();

  /**
   * @param {object} upload as `/recordings.json` lists it
   * @param {string} list the URL of the list; its token goes with the file
   * @param {HTMLAudioElement} audio the element that plays every recording
   */
  constructor(upload, list, audio) {
    this.#audio = audio;
    this.#address = (path) => {
      const [url, from] = [new URL(`..${path}`, new URL('recordings/', list)), new URL(list)];
      if (from.searchParams.has('token')) url.searchParams.set('token', from.searchParams.get('token'));
      return url.href;
    };
    this.#start = make('button', { type: 'button', class: 'start', onclick: () => this.#toggle() },
      mark('play-mark', 'M7 4.5v15l12.5-7.5z'), mark('pause', 'M6 4.5h4.2v15H6zM13.8 4.5H18v15h-4.2z'));
    this.#title = make('h3', {});
    this.#facts = make('p', { class: 'facts-line' });
    this.#fault = make('p', { class: 'fault', role: 'status', hidden: true, 'data-text': 'upload.fault' });
    this.#download = make('a', { class: 'download', 'data-text': 'recordings.download' });
    this.#wave = shape('svg', { class: 'upload-wave', preserveAspectRatio: 'none', 'aria-hidden': 'true' }, shape('path', {}));
    this.element = make('li', { class: 'recording upload', 'data-id': upload.id }, this.#start,
      make('div', {}, this.#title, this.#facts, this.#fault), this.#download);
    this.element.append(this.#wave);
    this.update(upload);
    const { signal } = this.#gone;
    for (const event of ['play', 'pause', 'ended', 'emptied']) audio.addEventListener(event, () => this.#show(), { signal });
  }

  /** The row leaves the list for ever. */
  remove() {
    this.#gone.abort();
    this.element.remove();
  }

  get isChosen() { return this.#audio.parentElement === this.element; }

  /** The waveform comes with the list. */
  get wantsPeaks() { return false; }

  /** Shows the upload in the language of the page. @param {object} [upload] by default the one before */
  update(upload = this.#upload) {
    this.#upload = upload;
    setText(this.#title, upload.title);
    setText(this.#facts, uploadFacts(upload));
    this.#download.href = this.#address(upload.url);
    this.#download.download = `${upload.title.replace(/[/\\]/g, ' ')}.${upload.url.split('.').at(-1)}`;
    this.#download.setAttribute('aria-label', TEXTS.downloadOf(upload.title));
    this.#wave.toggleAttribute('hidden', upload.peaks.length === 0);
    this.#wave.setAttribute('viewBox', `0 0 ${Math.max(1, upload.peaks.length)} 100`);
    this.#wave.firstElementChild.setAttribute('d', outline(upload.peaks));
    this.#show();
  }

  async #toggle() {
    if (this.isChosen && !this.#audio.paused) return this.#audio.pause();
    if (!this.isChosen || this.#audio.error) {
      this.#audio.src = this.#address(this.#upload.url);
      this.element.append(this.#audio);
      this.#audio.setAttribute('aria-label', this.#upload.title);
    }
    this.#fault.hidden = true;
    this.#audio.play().catch((error) => { if (error.name !== 'AbortError') this.#fault.hidden = false; });
  }

  #show() {
    const isPlaying = this.isChosen && !this.#audio.paused;
    this.element.classList.toggle('is-chosen', this.isChosen);
    this.element.classList.toggle('is-playing', isPlaying);
    this.#start.setAttribute('aria-label', (isPlaying ? TEXTS.pause : TEXTS.play)(this.#upload.title));
  }
}
