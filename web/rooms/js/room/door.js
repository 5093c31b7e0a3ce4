// The door: the form with which a person joins the room, and the reason why the room does not let the page in.

import { setKey, setText, setWords } from '../../../js/language/elements.js';
import { errorSentence } from '../text/sentences.js';
import { checkedName } from '../text/names.js';

/** After these phases, the same page may come in again without a change. */
const TITLES = { ended: 'room.out-title', refused: 'room.refused-title' };

/**
 * @param {(id: string) => HTMLElement} find
 * @param {(name: string, token: string) => void} onJoin
 */
export function makeDoor(find, onJoin) {
  const name = find('name');
  const error = find('door-error');
  /** @param {(() => string)?} words which follow the language; null for no problem */
  const showProblem = (words) => {
    if (words === null) setText(error, '');
    else setWords(error, words);
    error.hidden = error.textContent === '';
  };
  find('join-form').addEventListener('submit', (event) => {
    event.preventDefault();
    const written = name.value;
    const checked = checkedName(written);
    showProblem(checked.problem === undefined ? null : () => checkedName(written).problem);
    name.setAttribute('aria-invalid', String(checked.problem !== undefined));
    if (checked.problem !== undefined) return name.focus();
    onJoin(checked.name, find('room-token').value);
  });

  return {
    /** Shows the form, with the reason where the page was refused or has lost its place. */
    show(phase, reason, knownName) {
      find('door').hidden = false;
      setKey(find('door-title'), TITLES[phase] ?? 'room.join-title');
      showProblem(reason === null ? null : () => errorSentence(reason));
      const isNameWrong = ['name_taken', 'bad_name'].includes(reason?.code);
      name.setAttribute('aria-invalid', String(isNameWrong));
      name.value = reason?.suggestion ?? (name.value || knownName);
      name.focus();
      if (isNameWrong) name.select();
    },
    /** Shows a sentence beside the form. @param {(() => string)?} words */
    tell: showProblem,
    hide() {
      find('door').hidden = true;
    },
    setBusy(isBusy) {
      find('join-form').querySelector('button').disabled = isBusy;
    },
  };
}
