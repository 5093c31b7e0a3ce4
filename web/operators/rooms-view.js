// The view of the rooms. It changes only what is different, so that the focus and open rooms stay.

import { setAttribute, setText as write } from '../js/language/elements.js';
import { text } from '../js/language/texts.js';
import { actionsOn, actionsOnMember, isRoomName, linkOf, wordsOf, wordsOfMember } from './rooms.js';

/** An action that asks a question is done if the operator presses again within this time. */
const QUESTION_MS = 5000;

export class RoomsView {
  #find;
  #requests;
  /** @type {Map<string, {item: HTMLElement, details: HTMLDetailsElement}>} by the name of the room */
  #rooms = new Map();
  #status = null;

  /**
   * @param {(id: string) => HTMLElement} find
   * @param {import('./room-requests.js').RoomRequests} requests
   */
  constructor(find, requests) {
    this.#find = find;
    this.#requests = requests;
    find('invite-form').addEventListener('submit', (event) => {
      event.preventDefault();
      this.#invite();
    });
    find('invite-copy').addEventListener('click', () => this.#copy());
  }

  /** Shows the rooms of a status, where the station has rooms. */
  update(status) {
    this.#status = status;
    const { rooms } = status;
    this.#find('rooms').hidden = !rooms;
    if (!rooms) return;
    this.#find('rooms-none').hidden = rooms.length > 0;
    const names = new Set(rooms.map(({ name }) => name));
    for (const [name, { item }] of this.#rooms) {
      if (names.has(name)) continue;
      item.remove();
      this.#rooms.delete(name);
    }
    rooms.forEach((room, i) => {
      if (!this.#rooms.has(room.name)) this.#add(room.name);
      const { item } = this.#rooms.get(room.name);
      const list = this.#find('room-list');
      if (list.children[i] !== item) list.insertBefore(item, list.children[i] ?? null);
      this.#show(room);
    });
  }

  #add(name) {
    const item = make('li', 'room');
    const details = make('details');
    const summary = make('summary');
    summary.append(make('strong', 'room-name', name), ' ', make('span', 'room-words'));
    const actions = make('div', 'actions');
    details.append(summary, actions, make('ul', 'members'));
    details.addEventListener('toggle', () => {
      if (details.open) this.#showMembers(name);
    });
    item.append(details);
    this.#rooms.set(name, { item, details });
  }

  #show(room) {
    const { details } = this.#rooms.get(room.name);
    write(details.querySelector('.room-words'), wordsOf(room));
    setAttribute(details.querySelector('.members'), 'aria-label', text('figure.members-of', { name: room.name }));
    this.#buttons(details.querySelector('.actions'), room.name, actionsOn(room), text('figure.the-room', { name: room.name }));
    if (details.open) this.#showMembers(room.name);
  }

  async #showMembers(room) {
    const list = this.#rooms.get(room).details.querySelector('.members');
    let members;
    try {
      members = await this.#requests.members(room);
    } catch (error) {
      return this.#say(error.message);
    }
    const items = new Map([...list.children].map((item) => [item.dataset.member, item]));
    for (const [id, item] of items) if (!members.some((member) => String(member.id) === id)) item.remove();
    for (const member of members) {
      let item = items.get(String(member.id));
      if (!item) {
        item = make('li');
        item.dataset.member = String(member.id);
        item.append(make('strong'), ' ', make('span', 'member-words'), make('div', 'actions'));
        list.append(item);
      }
      write(item.querySelector('strong'), member.name);
      write(item.querySelector('.member-words'), wordsOfMember(member));
      this.#buttons(item.querySelector('.actions'), room, actionsOnMember(member), member.name);
    }
  }

  /** Gives an element a button for each action. */
  #buttons(element, room, actions, whom) {
    while (element.children.length > actions.length) element.lastElementChild.remove();
    actions.forEach((action, i) => {
      let button = element.children[i];
      if (!button) {
        button = make('button');
        button.type = 'button';
        button.addEventListener('click', () => this.#press(button, room));
        element.append(button);
      }
      button.action = action;
      button.whom = whom;
      if (!button.asks) label(button);
    });
  }

  async #press(button, room) {
    const { question, fields } = button.action;
    if (question && !button.asks) {
      button.asks = setTimeout(() => calm(button), QUESTION_MS);
      button.addEventListener('blur', () => calm(button), { once: true });
      return label(button);
    }
    calm(button);
    try {
      await this.#requests.act(room, fields);
      this.#say(text('figure.done', { action: button.action.label, whom: button.whom }));
      if (this.#rooms.get(room)?.details.open) await this.#showMembers(room);
    } catch (error) {
      this.#say(error.message);
    }
  }

  async #invite() {
    const [room, role, expires] = ['invite-room', 'invite-role', 'invite-expires'].map((id) => this.#find(id).value.trim());
    if (!isRoomName(room)) {
      return this.#say(text('figure.room-name-rule'));
    }
    try {
      const { url } = await this.#requests.invite(room, role, Number(expires));
      this.#find('invite-result').hidden = false;
      this.#find('invite-link').value = linkOf(url, this.#status, location);
      this.#say(text('figure.link-ready', { name: room }));
    } catch (error) {
      this.#say(error.message);
    }
  }

  async #copy() {
    const field = this.#find('invite-link');
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      // Without https there is no clipboard for scripts, but the selection can be copied.
      document.execCommand('copy');
    }
    this.#say(text('figure.link-copied'));
  }

  /** Tells the operator the result of an action, and a screen reader, too. */
  #say(sentence) {
    write(this.#find('rooms-said'), sentence);
  }
}

/** Shows the label of a button, or its question. A screen reader also learns whom the button concerns. */
function label(button) {
  const { label, question } = button.action;
  const words = button.asks ? question : label;
  write(button, words);
  button.classList.toggle('asks', Boolean(button.asks));
  const name = button.asks ? text('figure.confirm', { question: words }) : `${label}: ${button.whom}`;
  if (button.getAttribute('aria-label') !== name) button.setAttribute('aria-label', name);
}

/** Takes a question back. */
function calm(button) {
  clearTimeout(button.asks);
  button.asks = undefined;
  label(button);
}

function make(name, className = '', content = '') {
  const element = document.createElement(name);
  if (className) element.className = className;
  element.textContent = content;
  return element;
}
