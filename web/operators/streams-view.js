// The view of the streams that operators act on.

import { make, setText } from '../js/elements/elements.js';
import { setAttribute } from '../js/language/elements.js';
import { text } from '../js/language/texts.js';
import { actedOn } from './streams.js';

const TEXTS = {
  done: (action, whom) => text('figure.done', { action, whom }),
  confirm: (question) => text('figure.confirm', { question }),
  markTitleOf: (name) => text('shelf.mark-title-of', { name }),
};
/** An action that asks a question is done if the operator presses again within this time. */
const QUESTION_MS = 5000;

export class StreamsView {
  #find;
  #requests;
  /** @type {Map<string, {item: HTMLElement, words: HTMLElement, title: HTMLInputElement, buttons: HTMLElement}>} */
  #rows = new Map();

  /**
   * @param {(id: string) => HTMLElement} find
   * @param {import('./stream-requests.js').StreamRequests} requests
   */
  constructor(find, requests) {
    [this.#find, this.#requests] = [find, requests];
  }

  /** Shows the streams of a status, where there is something to do. */
  update(status) {
    const streams = actedOn(status);
    this.#find('streams').hidden = streams.length === 0;
    this.#find('recordings-link').hidden = !status.streams.some(({ recorder }) => recorder !== undefined);
    const names = new Set(streams.map(({ name }) => name));
    for (const [name, { item }] of this.#rows) {
      if (names.has(name)) continue;
      item.remove();
      this.#rows.delete(name);
    }
    for (const { name, sentences, actions } of streams) {
      if (!this.#rows.has(name)) this.#add(name);
      const { words, title, buttons } = this.#rows.get(name);
      setText(words, sentences.join(' '));
      setAttribute(title, 'aria-label', TEXTS.markTitleOf(name));
      title.hidden = !actions.some(({ kind }) => kind === 'mark');
      this.#showButtons(buttons, name, actions);
    }
  }

  #add(name) {
    const words = make('span', { class: 'room-words' });
    const title = make('input', { class: 'mark-title', maxlength: '100', autocomplete: 'off',
      'data-text-placeholder': 'shelf.mark-title' });
    const buttons = make('div', { class: 'actions' });
    const item = make(
      'li', { class: 'room stream-row', 'data-stream': name }, make('strong', {}, name), ' ', words, buttons);
    buttons.append(title);
    this.#find('stream-list').append(item);
    this.#rows.set(name, { item, words, title, buttons });
  }

  /** A button that stays keeps the focus. */
  #showButtons(buttons, name, actions) {
    const before = new Map([...buttons.querySelectorAll('button')].map((button) => [button.dataset.kind, button]));
    for (const [kind, button] of before) if (!actions.some((action) => action.kind === kind)) button.remove();
    for (const action of actions) {
      let button = before.get(action.kind);
      if (!button) {
        button = make('button', { type: 'button', 'data-kind': action.kind, onclick: () => this.#press(button, name) });
        buttons.append(button);
      }
      button.action = action;
      if (!button.asks) this.#label(button, name);
    }
  }

  async #press(button, name) {
    const { kind, label, question } = button.action;
    if (question && !button.asks) {
      button.asks = setTimeout(() => this.#calm(button, name), QUESTION_MS);
      return this.#label(button, name);
    }
    this.#calm(button, name);
    try {
      if (kind === 'disconnect') await this.#requests.disconnect(name);
      else await this.#requests.record(name, kind, kind === 'mark' ? this.#takeTitle(name) : undefined);
      this.#say(TEXTS.done(label, name));
    } catch (error) {
      this.#say(error.message);
    }
  }

  /** The content of a mark; nothing for one without a title. */
  #takeTitle(name) {
    const { title } = this.#rows.get(name);
    const words = title.value.trim();
    title.value = '';
    return words ? { title: words } : undefined;
  }

  #calm(button, name) {
    clearTimeout(button.asks);
    button.asks = undefined;
    this.#label(button, name);
  }

  #label(button, name) {
    const { label, question } = button.action;
    setText(button, button.asks ? question : label);
    button.classList.toggle('asks', Boolean(button.asks));
    button.setAttribute('aria-label', button.asks ? TEXTS.confirm(question) : `${label}: ${name}`);
  }

  #say(sentence) { setText(this.#find('streams-said'), sentence); }
}
