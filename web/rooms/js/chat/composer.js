// The field in which people write: Enter sends, Tab completes a mention, and the others see who is typing.

import { now } from '../../../js/net/clock.js';
import { Typing } from '../state/typing.js';
import { Completion } from '../text/completion.js';

/**
 * @param {HTMLFormElement} form with one `textarea`
 * @param {object} client
 * @param {() => string[]} client.names that can be mentioned
 * @param {(text: string) => void} client.onSend
 * @param {(isTyping: boolean) => void} client.onTyping
 * @returns {{focus: () => void, mention: (name: string) => void, giveBack: (text: string) => void}} `giveBack` puts a
 *   message that was not accepted back into the field
 */
export function makeComposer(form, { names, onSend, onTyping }) {
  const field = form.querySelector('textarea');
  const completion = new Completion();
  const typing = new Typing();
  let timer;

  const tell = (isTyping) => {
    if (isTyping !== null) onTyping(isTyping);
    clearTimeout(timer);
    if (typing.idleAt < Infinity) timer = setTimeout(() => tell(typing.stop()), (typing.idleAt - now()) * 1000);
  };
  const fit = () => {
    field.style.height = 'auto';
    field.style.height = `${field.scrollHeight + field.offsetHeight - field.clientHeight}px`;
  };
  const write = ({ text, caret }) => {
    field.value = text;
    field.setSelectionRange(caret, caret);
    fit();
  };

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const text = field.value.trim();
    if (text === '') return;
    write({ text: '', caret: 0 });
    tell(typing.stop());
    onSend(text);
    // The on-screen keyboard stays.
    field.focus();
  });
  field.addEventListener('input', () => {
    fit();
    tell(typing.input(field.value.trim() !== '', now()));
  });
  field.addEventListener('keydown', (event) => {
    // Enter also ends the composition of a Chinese or Japanese word.
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.key === 'Enter') {
      event.preventDefault();
      form.requestSubmit();
    } else if (event.key === 'Tab') {
      const completed = completion.next(field.value, field.selectionStart, names());
      if (completed === null) return;
      event.preventDefault();
      write(completed);
    }
  });

  return {
    focus: () => field.focus(),
    mention(name) {
      const before = field.value === '' || field.value.endsWith(' ') ? field.value : `${field.value} `;
      const text = `${before}@${name} `;
      write({ text, caret: text.length });
      field.focus();
    },
    giveBack(text) {
      if (field.value === '') write({ text, caret: text.length });
    },
  };
}
