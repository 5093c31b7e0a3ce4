// The list of guests, each with the action of a host.

import { make, setText } from '../../../rooms/js/chat/elements.js';
import { makePicture } from '../../../rooms/js/chat/picture.js';

/**
 * @param {HTMLElement} list a `ul`
 * @param {(message: object) => void} act sends the message of a host
 * @returns {(guests: import('./guests.js').Guest[]) => void}
 */
export function makeGuestsView(list, act) {
  const rows = new Map();

  function makeRow(guest) {
    let { action } = guest;
    const name = make('b', {}, guest.name);
    const words = make('span', { class: 'words' });
    const button = make('button', { type: 'button', class: 'quiet-button', onclick: () => act(action.message) });
    const element = make(
      'li', { 'data-member': String(guest.id) }, makePicture(guest.name), make('p', {}, name, words), button);
    const update = (latest) => {
      action = latest.action;
      setText(name, latest.name);
      setText(words, latest.words);
      setText(button, action.label);
      button.setAttribute('aria-label', `${action.label}: ${latest.name}`);
      element.classList.toggle('on-air', latest.isOnAir);
      element.classList.toggle('talking', latest.isTalking);
    };
    return { element, update };
  }

  return function render(guests) {
    const gone = new Set(rows.keys());
    guests.forEach((guest, index) => {
      gone.delete(guest.id);
      if (!rows.has(guest.id)) rows.set(guest.id, makeRow(guest));
      const { element, update } = rows.get(guest.id);
      update(guest);
      if (list.children[index] !== element) list.insertBefore(element, list.children[index] ?? null);
    });
    for (const id of gone) {
      rows.get(id).element.remove();
      rows.delete(id);
    }
  };
}
