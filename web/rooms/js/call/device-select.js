// A choice of devices with its label.

import { make } from '../chat/elements.js';

export class DeviceSelect {
  element;

  #none;
  #select;
  #shown = null;

  /**
   * @param {object} options
   * @param {string} options.label
   * @param {string} options.none the choice of no device
   * @param {(id: string?) => void} options.choose gets null for no device
   */
  constructor({ label, none, choose }) {
    this.#select = make('select');
    this.#select.addEventListener('change', () => choose(this.#select.value || null));
    this.element = make('label', { class: 'call-choice' }, make('span', {}, label), this.#select);
    this.#none = none;
  }

  /** @param {import('./own-device.js').OwnDevice} device */
  show({ devices, isOn, id }) {
    const wanted = JSON.stringify([devices, isOn, id]);
    if (wanted === this.#shown) return;
    this.#shown = wanted;
    this.#select.replaceChildren(
      make('option', { value: '' }, this.#none),
      ...devices.map((device) => make('option', { value: device.id }, device.label)));
    this.#select.value = isOn ? id : '';
    // A device that the list does not have yet is the browser's choice.
    if (this.#select.selectedIndex < 0) {
      this.#select.append(make('option', { value: id }, 'The browser’s choice'));
      this.#select.value = id;
    }
  }
}
