// Builds the page with the list of rooms.

import { make, setText } from '../chat/elements.js';
import { roomURLs } from '../road/room-urls.js';
import { roomNameFrom } from '../text/names.js';
import { ListFeed } from './list-feed.js';
import { headline, inOrder, roomFacts } from './rooms.js';

const find = (id) => document.getElementById(id);
const NAME_RULE =
  'A room’s name has letters a to z, digits, hyphens and underscores, and begins with a letter or a digit.';
const base = new URL('.', location.href);
const feed = new ListFeed(base);
let shown = '';

feed.addEventListener('rooms', ({ rooms }) => {
  find('list-trouble').hidden = true;
  // A link that has the focus keeps the focus, where nothing has changed.
  const state = JSON.stringify(rooms);
  if (state === shown) return;
  shown = state;
  const focused = document.activeElement?.dataset?.room;
  setText(find('headline'), headline(rooms));
  find('rooms').replaceChildren(...inOrder(rooms).map(makeRow));
  find('rooms').querySelector(`[data-room="${CSS.escape(focused ?? '')}"]`)?.focus();
});
feed.addEventListener('failure', () => {
  find('list-trouble').hidden = false;
  setText(find('list-trouble'), 'The server does not answer. The page tries again by itself.');
});

const makeRow = (room) => make('li', {}, make(
  'a', { href: roomURLs(room.name, base).page, 'data-room': room.name },
  make('b', {}, room.name), make('span', {}, roomFacts(room))));

find('open-form').addEventListener('submit', (event) => {
  event.preventDefault();
  const name = roomNameFrom(find('room').value);
  find('room').setAttribute('aria-invalid', String(name === null));
  if (name === null) {
    setText(find('room-hint'), NAME_RULE);
  } else {
    location.assign(roomURLs(name, base).page);
  }
});
feed.start();
