// The door: the form with which a person joins the room, and the reason why the room does not let the page in.

import { errorSentence } from '../text/sentences.js';
import { checkedName } from '../text/names.js';

/** After these, the same page may come in again without a change. */
const TITLES = { ended: 'You are out of the room', refused: 'Not in the room yet' };

/**
 * @param {(id: string) => HTMLElement} find
 * @param {(name: string, token: string) => void} onJoin
 */
export function makeDoor(find, onJoin) {
  const name = find('name');
  const error = find('door-error');
  const showProblem = (sentence) => {
    error.textContent = sentence;
    error.hidden = sentence === '';
  };
  find('join-form').addEventListener('submit', (event) => {
    event.preventDefault();
    const checked = checkedName(name.value);
    showProblem(checked.problem ?? '');
    name.setAttribute('aria-invalid', String(checked.problem !== undefined));
    if (checked.problem !== undefined) return name.focus();
    onJoin(checked.name, find('room-token').value);
  });

  return {
    /** Shows the form, with the reason where the page was refused or has lost its place. */
    show(phase, reason, knownName) {
      find('door').hidden = false;
      find('door-title').textContent = TITLES[phase] ?? 'Join the room';
      showProblem(reason === null ? '' : errorSentence(reason));
      const isNameWrong = ['name_taken', 'bad_name'].includes(reason?.code);
      name.setAttribute('aria-invalid', String(isNameWrong));
      name.value = reason?.suggestion ?? (name.value || knownName);
      name.focus();
      if (isNameWrong) name.select();
    },
    /** Shows a sentence beside the form. */
    tell: showProblem,
    hide() {
      find('door').hidden = true;
    },
    setBusy(isBusy) {
      find('join-form').querySelector('button').disabled = isBusy;
    },
  };
}
