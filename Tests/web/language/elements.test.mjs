// The texts in the elements after a change of the language.

import assert from 'node:assert/strict';
import test from 'node:test';

import de from '../../../web/js/language/de.js';
import { setKey, setText, setTexts, setWords } from '../../../web/js/language/elements.js';
import en from '../../../web/js/language/en.js';
import { speak, text } from '../../../web/js/language/texts.js';

/** An element with a text, and a document with this element alone. */
function only() {
  const element = { dataset: {}, textContent: '', getAttribute: () => null, setAttribute() {} };
  const names = { '[data-words]': 'words' };
  const isFound = (selector) => (names[selector] ?? 'text') in element.dataset;
  return { element, root: { querySelectorAll: (selector) => (isFound(selector) ? [element] : []) } };
}

/** The texts of an element in English and, after a change of the language, in German. */
function inBoth({ element, root }) {
  const english = element.textContent;
  speak('de', de);
  setTexts(root);
  const german = element.textContent;
  speak('en', en);
  return [english, german];
}

test('a text of the tables follows the language', () => {
  const place = only();
  setKey(place.element, 'clip.play');
  assert.deepEqual(inBoth(place), [en['clip.play'], de['clip.play']]);
});

test('words with values follow the language, and keep their values', () => {
  const place = only();
  setWords(place.element, () => text('room.joined', { name: 'Bob' }));
  assert.deepEqual(inBoth(place), ['Bob joined', de['room.joined'].replace('{name}', 'Bob')]);
});

test('a text that a script has set last stays, whatever was there before', () => {
  for (const begin of [(element) => setKey(element, 'clip.play'), (element) => setWords(element, () => text('clip.play'))]) {
    const place = only();
    begin(place.element);
    setText(place.element, 'Bob');
    assert.deepEqual(inBoth(place), ['Bob', 'Bob']);
  }
});

test('a text of the tables and words take the place of each other', () => {
  const place = only();
  setWords(place.element, () => text('clip.play'));
  setKey(place.element, 'clip.pause');
  assert.deepEqual(inBoth(place), [en['clip.pause'], de['clip.pause']]);
  setWords(place.element, () => text('clip.play'));
  assert.deepEqual(inBoth(place), [en['clip.play'], de['clip.play']]);
});
