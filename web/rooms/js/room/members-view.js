// The list of members with their states.

import { onScale } from '../../../js/drawing/meter.js';
import { languageNow, text } from '../../../js/language/texts.js';
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
    const voice = makeVoice();
    const side = make('span', { class: 'side', 'aria-hidden': 'true' }, voice.element, symbols);
    const button = make('button', { type: 'button', 'aria-haspopup': 'dialog', onclick: () => onChoose(id) });
    const element = make('li', { 'data-member': String(id) }, button);
    let shown = '';
    const update = (member, isYou) => {
      const state = JSON.stringify([member, isYou, languageNow()]);
      if (state === shown) return;
      shown = state;
      element.className = [member.talking && 'talking', member.away && 'is-away', member.on_air && 'on-air']
        .filter(Boolean).join(' ');
      setText(name, isYou ? text('common.you', { name: member.name }) : member.name);
      // The symbols show most states. A screen reader gets all states in words.
      setText(words, shortWords(member));
      symbols.replaceChildren(...SYMBOLS.filter(([key]) => member[key]).map(([, symbol]) => icon(symbol)));
      if (member.network === 'poor') symbols.append(icon('network'));
      button.setAttribute('aria-label', [name.textContent, ...stateWords(member)].join(', '));
      button.replaceChildren(makePicture(member.name), name, words, side);
    };
    return { element, update, showVoice: voice.show };
  }

  /** @param {object[]} members in the order of the list @param {number} you */
  function render(members, you) {
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
  }

  /** Shows how loud each talker is, and how late. @param {Map<number, {level: number, delay: number}>} talkers dBFS, ms */
  render.showVoices = (talkers) => {
    for (const [id, { showVoice }] of rows) showVoice(talkers.get(id) ?? null);
  };
  return render;
}

/** The level and the delay of a voice. They change too often for a screen reader. */
function makeVoice() {
  const level = make('span', { class: 'voice-level-bar' });
  const delay = make('span', { class: 'voice-ms' });
  const element = make('span', { class: 'voice-of', hidden: true },
    make('span', { class: 'voice-level' }, level), delay);
  const show = (voice) => {
    element.hidden = voice === null;
    if (voice === null) return;
    level.style.setProperty('--level', onScale(10 ** (voice.level / 20)).toFixed(2));
    setText(delay, text('common.milliseconds', { value: 10 * Math.round(voice.delay / 10) }));
  };
  return { element, show };
}

function shortWords({ role, on_air: isOnAir, typing }) {
  const isLeading = role === 'host' || role === 'operator';
  return [isOnAir && text('member.on-air'), typing ? text('member.typing') : isLeading && text(`common.${role}`)]
    .filter(Boolean).join(', ');
}
