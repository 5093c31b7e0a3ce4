// A choice of devices with its label.

import { make } from '../chat/elements.js';

export class DeviceSelect {
  element;

  #kind;
  #select;
  #shown = null;

  /**
   * @param {object} options
   * @param {import('./refusals.js').DeviceKind} options.kind
   * @param {(id: string?) => void} options.choose gets null for no device
   */
  constructor({ kind, choose }) {
    this.#select = make('select');
    this.#select.addEventListener('change', () => choose(this.#select.value || null));
    this.element = make('label', { class: 'call-choice' }, make('span', { 'data-text': `common.${kind}` }), this.#select);
    this.#kind = kind;
  }

  /** @param {import('./own-device.js').OwnDevice} device */
  show({ devices, isOn, id }) {
    const wanted = JSON.stringify([devices, isOn, id]);
    if (wanted === this.#shown) return;
    this.#shown = wanted;
    this.#select.replaceChildren(
      make('option', { value: '', 'data-text': `call.no-${this.#kind}` }),
      ...devices.map((device) => make('option', { value: device.id }, device.label)));
    this.#select.value = isOn ? id : '';
    // A device that the list does not have yet is the browser's choice.
    if (this.#select.selectedIndex < 0) {
      this.#select.append(make('option', { value: id, 'data-text': 'common.browsers-choice' }));
      this.#select.value = id;
    }
  }
}
