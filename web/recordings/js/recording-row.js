// One recording in the list: what there is, a button to play, the titles, and a download.

import { ClipPanel } from '../../js/clip/clip-panel.js';
import { make, setText, setWords } from '../../js/elements/elements.js';
import { languageNow, text } from '../../js/language/texts.js';
import { duration } from '../../js/page/text.js';
import { OperatorPanel } from './operator-panel.js';
import { Waveform } from './waveform.js';
import { chapterAt, clipNote, facts, titleCount, when } from './words.js';

const TEXTS = {
  get hidden() { return text('shelf.hidden'); },
  get inPodcast() { return text('shelf.in-podcast'); },
  play: (name) => text('recordings.play', { name }), pause: (name) => text('recordings.pause', { name }),
  downloadOf: (name) => text('recordings.download-of', { name }),
};

const SVG = 'http://www.w3.org/2000/svg';

function mark(name, path) {
  const svg = document.createElementNS(SVG, 'svg');
  const shape = document.createElementNS(SVG, 'path');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('class', name);
  shape.setAttribute('d', path);
  svg.append(shape);
  return svg;
}

export class RecordingRow {
  #recording;
  #url;
  #audio;
  #start;
  #fault;
  #titles;
  #download;
  #heading;
  #facts;
  #waveform;
  #clip = null;
  #operators = null;
  /** Aborted when the row is gone. */
  #gone = new AbortController();

  /**
   * @param {import('./words.js').Recording} recording
   * @param {ReturnType<import('./words.js').recordingURLs>} urls
   * @param {HTMLAudioElement} audio the element that plays every recording
   * @param {{token: string?, onChange: () => void}?} operator null for a listener
   */
  constructor(recording, urls, audio, operator = null) {
    const url = urls.file(recording.id);
    [this.#recording, this.#url, this.#audio] = [recording, url, audio];
    const { chapters } = recording;
    this.#heading = make('h3', {});
    this.#facts = make('p', { class: 'facts-line' });
    this.#waveform = new Waveform(this.#label, recording.length, (time) => this.#play(time));
    this.#start = make(
      'button', { type: 'button', class: 'start', onclick: () => this.#toggle() },
      mark('play-mark', 'M7 4.5v15l12.5-7.5z'), mark('pause', 'M6 4.5h4.2v15H6zM13.8 4.5H18v15h-4.2z'));
    this.#titles = chapters.map(({ start, title }) => make(
      'button', { type: 'button', onclick: () => this.#play(start) },
      make('span', {}, duration(start)), make('span', {}, title)));
    this.#fault = make('p', { class: 'fault', role: 'status', hidden: true, 'data-text': 'recordings.fault' });
    this.#download = make('a', {
      class: 'download', href: url, download: `${recording.id}.mp3`, 'data-text': 'recordings.download',
    });
    const count = make('summary');
    setWords(count, () => titleCount(recording));
    const clip = make('details', { class: 'clip', ontoggle: () => this.#openClip(clip, urls) },
      make('summary', { 'data-text': 'clip.title' }));
    this.element = make(
      'li', { class: 'recording', 'data-id': recording.id }, this.#start,
      make('div', {}, this.#heading, this.#facts, this.#fault),
      this.#download, this.#waveform.element,
      chapters.length > 0 && make(
        'details', {}, count,
        make('ol', { class: 'titles' }, ...this.#titles.map((button) => make('li', {}, button)))),
      clip);
    if (operator) {
      this.#operators = new OperatorPanel(recording, url, operator.token, operator.onChange);
      this.element.append(this.#operators.element);
    }
    this.update(recording);
    for (const event of ['play', 'pause', 'ended', 'emptied', 'timeupdate', 'seeked']) {
      audio.addEventListener(event, () => this.#showPlaying(), { signal: this.#gone.signal });
    }
  }

  /** The row leaves the list for ever. */
  remove() {
    this.#gone.abort();
    this.element.remove();
  }

  /** The recording for people who do not see the row. */
  get #label() { return `${this.#recording.stream}, ${when(this.#recording)}`; }

  /**
   * Shows what an operator has changed, in the language of the page.
   * @param {import('./words.js').Recording} [recording] by default the one before
   */
  update(recording = this.#recording) {
    this.#recording = recording;
    const date = make('span', { class: 'when' }, when(recording));
    const shown = `${languageNow()} ${recording.title}`;
    if (this.#heading.dataset.shown !== shown) {
      this.#heading.dataset.shown = shown;
      this.#heading.replaceChildren(make('bdi', {}, recording.named ? recording.title : recording.stream), ' ', date);
    }
    const states = [recording.hidden && TEXTS.hidden, recording.public && this.#operators && TEXTS.inPodcast];
    const parts = [recording.named && recording.stream, facts(recording), ...states];
    setText(this.#facts, parts.filter(Boolean).join(' · '));
    this.element.classList.toggle('is-hidden', recording.hidden === true);
    this.#download.setAttribute('aria-label', TEXTS.downloadOf(this.#label));
    this.#waveform.rename(this.#label);
    this.#operators?.update(recording);
    this.#showPlaying();
  }

  /** Whether the waveform is still to come. */
  get wantsPeaks() { return !this.#waveform.isDrawn; }

  /** @param {ArrayBuffer} buffer */
  showPeaks(buffer) { this.#waveform.draw(buffer); }

  #openClip(details, urls) {
    if (details.open && !this.#clip) {
      const { id, length } = this.#recording;
      this.#clip = new ClipPanel({
        limits: () => ({ min: 0, max: Math.floor(length * 10) / 10 }),
        place: () => (this.isChosen ? this.#audio.currentTime : 0),
        words: duration,
        url: (from, to) => urls.clip(id, from, to),
        name: `${id}-clip.mp3`,
        note: () => clipNote(urls),
        signal: this.#gone.signal,
      });
      this.#clip.element.addEventListener('marks', () => this.#waveform.showMarks(this.#clip.marks));
      this.#clip.element.addEventListener('play', () => this.#audio.pause());
      details.append(this.#clip.element);
    }
    this.#waveform.showMarks(details.open ? this.#clip?.marks ?? null : null);
  }

  /** Whether the element plays this recording, or would go on with it. */
  get isChosen() { return this.#audio.parentElement === this.element; }

  #toggle() {
    if (this.isChosen && !this.#audio.paused) this.#audio.pause();
    else this.#play();
  }

  /** @param {number} [time] seconds; by default where it was */
  #play(time) {
    if (!this.isChosen || this.#audio.error) {
      this.#audio.src = this.#url;
      // Behind the facts, in front of the titles.
      this.element.insertBefore(this.#audio, this.element.querySelector('details'));
      this.#audio.setAttribute('aria-label', this.#recording.title);
    }
    if (time !== undefined) this.#audio.currentTime = time;
    this.#fault.hidden = true;
    // A pause, and another recording that is chosen, end the wait for the sound.
    this.#audio.play().catch((error) => { if (error.name !== 'AbortError') this.#fault.hidden = false; });
  }

  #showPlaying() {
    const isPlaying = this.isChosen && !this.#audio.paused;
    this.element.classList.toggle('is-chosen', this.isChosen);
    this.element.classList.toggle('is-playing', isPlaying);
    this.#start.setAttribute('aria-label', (isPlaying ? TEXTS.pause : TEXTS.play)(this.#label));
    if (this.isChosen) this.#waveform.show(this.#audio.currentTime);
    const current = this.isChosen ? chapterAt(this.#recording.chapters, this.#audio.currentTime) : -1;
    this.#titles.forEach((button, index) => {
      if (index === current) button.setAttribute('aria-current', 'true');
      else button.removeAttribute('aria-current');
    });
  }
}
