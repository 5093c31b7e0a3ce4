// The elements of the room beside the player.

import { icon, make } from '../../rooms/js/chat/elements.js';

/**
 * @param {string} page the URL of the room's own page
 * @returns {Record<string, HTMLElement>} the elements by name; `all` are those to put into the section
 */
export function makeRoomPanel(page) {
  const panel = {
    waiting: make('p', { class: 'room-waiting' }),
    board: make('section', { class: 'board', 'aria-label': 'Polls and scores', hidden: true }),
    log: make('ol', { class: 'log', role: 'log', 'aria-live': 'off', 'aria-label': 'Messages', tabindex: '0' }),
    newest: make('button', { class: 'newest', type: 'button', hidden: true }),
    trouble: make('p', { class: 'trouble', role: 'status' }),
    name: make('input', {
      id: 'room-name', autocomplete: 'nickname', maxlength: '64', spellcheck: 'false', required: true,
      placeholder: 'Your name',
    }),
    join: make('button', { type: 'submit', class: 'main' }, 'Join the chat'),
    message: make('textarea', {
      id: 'room-message', rows: '1', enterkeyhint: 'send', placeholder: 'Message',
    }),
    announcer: make('p', { class: 'hidden', 'aria-live': 'polite' }),
    counter: make('p', { class: 'hidden' }),
  };
  panel.joinForm = make(
    'form', { class: 'room-join' },
    make('label', { for: 'room-name', class: 'hidden' }, 'Your name, to chat and to vote'), panel.name, panel.join);
  panel.composer = make(
    'form', { class: 'composer', hidden: true },
    make('label', { for: 'room-message', class: 'hidden' }, 'Message'), panel.message,
    make('button', { class: 'main', type: 'submit', title: 'Send (Enter)', 'aria-label': 'Send' }, icon('send')));
  panel.leave = make('button', { type: 'button', class: 'room-leave', hidden: true }, 'Leave');
  panel.all = [
    make(
      'div', { class: 'room-head' }, make('h2', {}, 'Chat'), panel.leave,
      make('a', { class: 'room-link', href: page, target: '_blank' }, 'Open the room')),
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
