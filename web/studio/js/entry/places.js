// The places of the page: the door, the choice of a stream, a stream without a room, and the desk.

import { make, setText } from '../../../rooms/js/chat/elements.js';
import { addressesOf } from './addresses.js';
import { commandFor } from './streams.js';

const PLACES = ['door', 'wait', 'choice', 'no-room', 'desk'];

export class Places {
  #find;
  #root;

  /**
   * @param {(id: string) => HTMLElement} find
   * @param {string} root the URL of the station
   * @param {{onToken: (token: string) => void, onAgain: () => void}} client
   */
  constructor(find, root, { onToken, onAgain }) {
    this.#find = find;
    this.#root = root;
    find('door-form').addEventListener('submit', (event) => {
      event.preventDefault();
      const token = find('token').value.trim();
      if (token !== '') onToken(token);
    });
    find('again').addEventListener('click', onAgain);
  }

  /** The door, with the reason where the page was not let in. @param {string} [sentence] */
  showDoor(sentence = '') {
    this.#move('door');
    setText(this.#find('door-error'), sentence);
    this.#find('door-error').hidden = sentence === '';
    const field = this.#find('token');
    field.setAttribute('aria-invalid', String(sentence !== ''));
    field.focus();
    field.select();
  }

  /** A sentence while the page waits, or where the page does not go on. @param {boolean} [isFinal] */
  showWait(sentence, isFinal = false) {
    this.#move('wait');
    setText(this.#find('wait-text'), sentence);
    this.#find('again').hidden = !isFinal;
    if (isFinal) this.#find('again').focus();
  }

  /** @param {import('./streams.js').StudioStream[]} streams */
  showChoice(streams) {
    this.#move('choice');
    this.#find('streams').replaceChildren(...streams.map(({ name, room, title }) => make(
      'li', {}, make('a', { href: addressesOf(this.#root, name).studio }, make('b', {}, name), ' ',
        make('span', {}, room === null ? 'has another source' : title || 'ready for you')))));
    this.#find('streams').querySelector('a')?.focus();
  }

  /** @param {import('./streams.js').StudioStream} stream @param {boolean} hasOthers */
  showNoRoom({ name }, hasOthers) {
    this.#move('no-room');
    setText(this.#find('no-room-text'),
      `The sound of “${name}” does not come from a room, so nobody can go live on it from a browser.`);
    setText(this.#find('no-room-command'), commandFor(name));
    this.#find('no-room-others').hidden = !hasOthers;
    this.#find('no-room-others').href = new URL('studio', this.#root).href;
  }

  showDesk() {
    this.#move('desk');
  }

  #move(place) {
    document.body.dataset.place = place;
    for (const id of PLACES) this.#find(id).hidden = id !== place;
  }
}
