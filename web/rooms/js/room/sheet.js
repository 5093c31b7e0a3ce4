// The sheet: the page's only dialog. Its content changes with what it is opened for.

import { icon, make } from '../chat/elements.js';

export class Sheet {
  #dialog;

  /** @param {HTMLDialogElement} dialog */
  constructor(dialog) {
    this.#dialog = dialog;
    // A click beside the sheet hits the dialog itself, and not its content.
    dialog.addEventListener('click', ({ target }) => { if (target === dialog) dialog.close(); });
  }

  get isOpen() {
    return this.#dialog.open;
  }

  /** Shows a title and some content. The browser gives the focus back when the sheet is closed. */
  open(title, ...content) {
    this.#dialog.replaceChildren(make(
      'div', { class: 'sheet-content' },
      make('div', { class: 'sheet-head' }, make('h2', { id: 'sheet-title', tabindex: '-1' }, title), make('button', {
        type: 'button', class: 'sheet-close', 'data-text-label': 'common.close', onclick: () => this.close(),
      }, icon('delete'))), ...content));
    if (!this.#dialog.open) this.#dialog.showModal();
    const field = this.#dialog.querySelector('form :is(input, select, textarea)');
    (field ?? this.#dialog.querySelector('#sheet-title')).focus();
  }

  close() {
    this.#dialog.close();
  }

  /** A button that closes the sheet. */
  button(label, onPress, className = '') {
    const onclick = () => { this.close(); onPress(); };
    return make('button', { type: 'button', class: className || null, onclick }, label);
  }

  /** A button that asks before it acts. */
  dangerButton(label, question, onPress) {
    return make('button', {
      type: 'button', class: 'danger', onclick: () => this.confirm(question, label, onPress),
    }, label);
  }

  /** @param {string} label of the button that acts */
  confirm(question, label, onPress) {
    this.open(question, this.button(label, onPress, 'danger'));
  }

  /**
   * A form with fields of text.
   * @param {string} title
   * @param {string} label of the button that sends
   * @param {{name: string, label: string, value?: string, isLong?: boolean}[]} fields
   * @param {(values: Record<string, string>) => string | undefined} onSubmit returns a sentence where a value is wrong
   */
  openForm(title, label, fields, onSubmit) {
    const problem = make('p', { class: 'notice', role: 'alert', hidden: true });
    const rows = fields.map(({ name, label: text, value = '', isLong = false }) => make(
      'label', {}, text,
      make(isLong ? 'textarea' : 'input', { name, value, rows: isLong ? '4' : null, required: true })));
    const form = make('form', {
      class: 'form', onsubmit: (event) => {
        event.preventDefault();
        const sentence = onSubmit(Object.fromEntries(new FormData(form)));
        if (sentence === undefined) return this.close();
        problem.hidden = false;
        problem.textContent = sentence;
      },
    }, ...rows, problem, make('button', { class: 'main', type: 'submit' }, label));
    this.open(title, form);
  }
}
