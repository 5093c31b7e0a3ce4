// Builds the page with the list of rooms.

import { startLanguage } from '../../../js/language/page.js';
import { languageChanges, languageNow } from '../../../js/language/texts.js';
import { make, setKey, setText } from '../chat/elements.js';
import { roomURLs } from '../road/room-urls.js';
import { roomNameFrom } from '../text/names.js';
import { ListFeed } from './list-feed.js';
import { headline, inOrder, roomFacts } from './rooms.js';

const find = (id) => document.getElementById(id);
await startLanguage();
const base = new URL('.', location.href);
const feed = new ListFeed(base);
let shown = '';
/** @type {import('./rooms.js').RoomSummary[]?} */
let latest = null;

feed.addEventListener('rooms', ({ rooms }) => {
  latest = rooms;
  find('list-trouble').hidden = true;
  show(rooms);
});
languageChanges.addEventListener('change', () => { if (latest !== null) show(latest); });

function show(rooms) {
  // A link that has the focus keeps the focus, where nothing has changed.
  const state = JSON.stringify([rooms, languageNow()]);
  if (state === shown) return;
  shown = state;
  const focused = document.activeElement?.dataset?.room;
  setText(find('headline'), headline(rooms));
  find('rooms').replaceChildren(...inOrder(rooms).map(makeRow));
  find('rooms').querySelector(`[data-room="${CSS.escape(focused ?? '')}"]`)?.focus();
}

feed.addEventListener('failure', () => {
  find('list-trouble').hidden = false;
  setKey(find('list-trouble'), 'common.no-answer');
});

const makeRow = (room) => make('li', {}, make(
  'a', { href: roomURLs(room.name, base).page, 'data-room': room.name },
  make('b', {}, room.name), make('span', {}, roomFacts(room))));

find('open-form').addEventListener('submit', (event) => {
  event.preventDefault();
  const name = roomNameFrom(find('room').value);
  find('room').setAttribute('aria-invalid', String(name === null));
  if (name === null) {
    setKey(find('room-hint'), 'rooms.rule');
  } else {
    location.assign(roomURLs(name, base).page);
  }
});
feed.start();
