// The elements of the room beside the player.

import { icon, make } from '../../rooms/js/chat/elements.js';

/**
 * @param {string} page the URL of the room's own page
 * @returns {Record<string, HTMLElement>} the elements by name; `all` are those to put into the section
 */
export function makeRoomPanel(page) {
  const panel = {
    waiting: make('p', { class: 'room-waiting' }),
    board: make('section', { class: 'board', 'data-text-label': 'common.polls', hidden: true }),
    log: make('ol', {
      class: 'log', role: 'log', 'aria-live': 'off', 'data-text-label': 'common.messages',
      'data-text-empty': 'room.empty', tabindex: '0',
    }),
    newest: make('button', { class: 'newest', type: 'button', hidden: true }),
    trouble: make('p', { class: 'trouble', role: 'status' }),
    name: make('input', {
      id: 'room-name', autocomplete: 'nickname', maxlength: '64', spellcheck: 'false', required: true,
      'data-text-placeholder': 'common.your-name',
    }),
    join: make('button', { type: 'submit', class: 'main', 'data-text': 'room.beside-join' }),
    message: make('textarea', {
      id: 'room-message', rows: '1', enterkeyhint: 'send', 'data-text-placeholder': 'common.message',
    }),
    announcer: make('p', { class: 'hidden', 'aria-live': 'polite' }),
    counter: make('p', { class: 'hidden' }),
  };
  panel.joinForm = make(
    'form', { class: 'room-join' },
    make('label', { for: 'room-name', class: 'hidden', 'data-text': 'room.beside-name' }), panel.name, panel.join);
  panel.composer = make(
    'form', { class: 'composer', hidden: true },
    make('label', { for: 'room-message', class: 'hidden', 'data-text': 'common.message' }), panel.message,
    make(
      'button', { class: 'main', type: 'submit', 'data-text-title': 'common.send-enter', 'data-text-label': 'common.send' },
      icon('send')));
  panel.leave = make('button', { type: 'button', class: 'room-leave', 'data-text': 'room.beside-leave', hidden: true });
  panel.all = [
    make(
      'div', { class: 'room-head' }, make('h2', { 'data-text': 'common.chat' }), panel.leave,
      make('a', { class: 'room-link', href: page, target: '_blank', 'data-text': 'room.beside-open' })),
    panel.board, make('div', { class: 'log-frame' }, panel.log, panel.newest), panel.waiting, panel.trouble,
    panel.joinForm, panel.composer, panel.announcer, panel.counter,
  ];
  return panel;
}

/** Resolves when the style sheets are there, or fail. */
export function loadStyles(urls) {
  return Promise.all(urls.map((href) => new Promise((resolve) => {
    document.head.append(make('link', { rel: 'stylesheet', href, onload: resolve, onerror: resolve }));
  })));
}
