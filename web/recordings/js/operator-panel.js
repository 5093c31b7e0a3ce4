// The operators' side of a recording: another title, hidden or not, in the podcast feed or not, and gone.

import { make, setKey, setText } from '../../js/elements/elements.js';
import { text } from '../../js/language/texts.js';

/** Milliseconds in which a second press deletes. */
const QUESTION_MS = 5000;
const TIMEOUT_MS = 12_000;

export class OperatorPanel {
  #url;
  #token;
  #onChange;
  #recording;
  #title;
  #hide;
  #publish;
  #remove;
  #said;
  #asks;

  /**
   * @param {import('./words.js').Recording} recording
   * @param {string} url of the file
   * @param {string?} token of an operator; null where the browser has a cookie
   * @param {() => void} onChange called after each change
   */
  constructor(recording, url, token, onChange) {
    [this.#url, this.#token, this.#onChange] = [url, token, onChange];
    this.#title = make('input', { class: 'title-field', maxlength: '256', 'data-text-label': 'shelf.title',
      'data-text-placeholder': 'shelf.title', autocomplete: 'off' });
    this.#hide = make('button', { type: 'button', class: 'hide',
      onclick: () => this.#change({ hidden: !this.#recording.hidden }) });
    this.#publish = make('button', { type: 'button', class: 'publish',
      onclick: () => this.#change({ public: !this.#recording.public }) });
    this.#remove = make(
      'button', { type: 'button', class: 'remove', onclick: () => this.#press(), 'data-text': 'common.delete' });
    this.#said = make('p', { class: 'operator-said', role: 'status' });
    const rename = (event) => {
      event.preventDefault();
      this.#change({ title: this.#title.value.trim() || null });
    };
    this.element = make('div', { class: 'operator-panel' },
      make('form', { class: 'rename', onsubmit: rename },
        this.#title, make('button', { type: 'submit', 'data-text': 'shelf.rename' })),
      this.#hide, this.#publish, this.#remove, this.#said);
    this.update(recording);
  }

  /** @param {import('./words.js').Recording} recording */
  update(recording) {
    const before = this.#recording;
    this.#recording = recording;
    if (before?.title !== recording.title || before?.named !== recording.named) {
      this.#title.value = recording.named ? recording.title : '';
    }
    setKey(this.#hide, recording.hidden ? 'shelf.unhide' : 'shelf.hide');
    setKey(this.#publish, recording.public ? 'shelf.unpublish' : 'shelf.publish');
  }

  #press() {
    if (this.#asks === undefined) {
      setKey(this.#remove, 'shelf.confirm-delete');
      this.#remove.classList.add('asks');
      this.#asks = setTimeout(() => this.#calm(), QUESTION_MS);
      return;
    }
    this.#calm();
    this.#send('DELETE');
  }

  #calm() {
    clearTimeout(this.#asks);
    this.#asks = undefined;
    setKey(this.#remove, 'common.delete');
    this.#remove.classList.remove('asks');
  }

  #change(fields) { return this.#send('PATCH', fields); }

  async #send(method, fields) {
    const headers = this.#token === null ? {} : { Authorization: `Bearer ${this.#token}` };
    if (fields) headers['Content-Type'] = 'application/json';
    let say = () => setKey(this.#said, 'shelf.saved');
    try {
      const answer = await fetch(this.#url, {
        method, headers, body: fields && JSON.stringify(fields), signal: AbortSignal.timeout(TIMEOUT_MS) });
      if (answer.status === 401) say = () => setKey(this.#said, 'shelf.need-token');
      else if (!answer.ok) {
        const sentence = (await answer.text()).trim() || text('figure.refuses', { code: String(answer.status) });
        say = () => setText(this.#said, sentence);
      }
    } catch {
      say = () => setKey(this.#said, 'figure.no-answer');
    }
    say();
    this.#onChange();
  }
}
