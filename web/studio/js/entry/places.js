// The places of the page: the door, the choice of a stream, a stream without a room, and the desk.

import { text } from '../../../js/language/texts.js';
import { make, setText, setWords } from '../../../rooms/js/chat/elements.js';
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

  /** The door, with the reason where the page was not let in. @param {() => string} [words] */
  showDoor(words = () => '') {
    this.#move('door');
    setWords(this.#find('door-error'), words);
    const hasReason = words() !== '';
    this.#find('door-error').hidden = !hasReason;
    const field = this.#find('token');
    field.setAttribute('aria-invalid', String(hasReason));
    field.focus();
    field.select();
  }

  /** A sentence while the page waits, or where the page does not go on. @param {() => string} words @param {boolean} [isFinal] */
  showWait(words, isFinal = false) {
    this.#move('wait');
    setWords(this.#find('wait-text'), words);
    this.#find('again').hidden = !isFinal;
    if (isFinal) this.#find('again').focus();
  }

  /** @param {import('./streams.js').StudioStream[]} streams */
  showChoice(streams) {
    this.#move('choice');
    this.#find('streams').replaceChildren(...streams.map(({ name, room, title }) => {
      const state = room === null ? make('span', { 'data-text': 'studio.other-source' })
        : title ? make('span', {}, title) : make('span', { 'data-text': 'studio.ready' });
      return make('li', {}, make('a', { href: addressesOf(this.#root, name).studio }, make('b', {}, name), ' ', state));
    }));
    this.#find('streams').querySelector('a')?.focus();
  }

  /** @param {import('./streams.js').StudioStream} stream @param {boolean} hasOthers */
  showNoRoom({ name }, hasOthers) {
    this.#move('no-room');
    setWords(this.#find('no-room-text'), () => text('studio.no-room-text', { name }));
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
