// The question of a host whether a person agrees to be on the air.

import { make, setText } from '../chat/elements.js';
import { airQuestion } from './words.js';

export class AirDialog {
  element;

  #title = make('h2', { id: 'air-dialog-title', tabindex: '-1' });
  #answer;

  /** @param {(agrees: boolean) => void} answer */
  constructor(answer) {
    this.#answer = answer;
    const button = (key, agrees, name) => {
      const press = () => this.#close(agrees);
      return make('button', { type: 'button', class: name, onclick: press, 'data-text': key });
    };
    this.element = make('dialog', { class: 'voice-dialog', role: 'alertdialog', 'aria-labelledby': 'air-dialog-title' },
      make('div', { class: 'voice-question' }, this.#title,
        make('p', { 'data-text': 'voice.air-note' }),
        make('p', { class: 'voice-buttons' },
          button('voice.no', false, ''), button('voice.yes', true, 'main'))));
    // The Escape key.
    this.element.addEventListener('cancel', (event) => {
      event.preventDefault();
      this.#close(false);
    });
  }

  /** @param {string?} by the name of the host; null where nobody asks */
  show(by) {
    if (by === null) return this.element.close();
    setText(this.#title, airQuestion(by));
    if (this.element.open) return;
    this.element.showModal();
    // A person who is writing must not answer by a key that was meant for the text.
    this.#title.focus();
  }

  #close(agrees) {
    this.element.close();
    this.#answer(agrees);
  }
}
