// The list of members with their states.

import { icon, make, setText } from '../chat/elements.js';
import { makePicture } from '../chat/picture.js';
import { stateWords } from '../text/sentences.js';

/** Each state with its symbol. */
const SYMBOLS = [
  ['hand', 'hand'], ['muted', 'muted'], ['call', 'call'], ['away', 'away'],
];

/**
 * @param {HTMLElement} list a `ul`
 * @param {(id: number) => void} onChoose shows what can be done with a member
 */
export function makeMembersView(list, onChoose) {
  const rows = new Map();

  function makeRow({ id }) {
    const name = make('span', { class: 'name' });
    const words = make('span', { class: 'words' });
    const symbols = make('span', { class: 'symbols', 'aria-hidden': 'true' });
    const button = make('button', { type: 'button', 'aria-haspopup': 'dialog', onclick: () => onChoose(id) });
    const element = make('li', { 'data-member': String(id) }, button);
    let shown = '';
    const update = (member, isYou) => {
      const state = JSON.stringify([member, isYou]);
      if (state === shown) return;
      shown = state;
      element.className = [member.talking && 'talking', member.away && 'is-away', member.on_air && 'on-air']
        .filter(Boolean).join(' ');
      setText(name, isYou ? `${member.name} (you)` : member.name);
      // The symbols show most states. A screen reader gets all states in words.
      setText(words, shortWords(member));
      symbols.replaceChildren(...SYMBOLS.filter(([key]) => member[key]).map(([, symbol]) => icon(symbol)));
      if (member.network === 'poor') symbols.append(icon('network'));
      button.setAttribute('aria-label', [name.textContent, ...stateWords(member)].join(', '));
      button.replaceChildren(makePicture(member.name), name, words, symbols);
    };
    return { element, update };
  }

  /** @param {object[]} members in the order of the list @param {number} you */
  return function render(members, you) {
    const gone = new Set(rows.keys());
    members.forEach((member, index) => {
      gone.delete(member.id);
      if (!rows.has(member.id)) rows.set(member.id, makeRow(member));
      const { element, update } = rows.get(member.id);
      update(member, member.id === you);
      if (list.children[index] !== element) list.insertBefore(element, list.children[index] ?? null);
    });
    for (const id of gone) {
      rows.get(id).element.remove();
      rows.delete(id);
    }
  };
}

function shortWords({ role, on_air: isOnAir, typing }) {
  const isLeading = role === 'host' || role === 'operator';
  return [isOnAir && 'on air', typing ? 'typing…' : isLeading && role].filter(Boolean).join(', ');
}
