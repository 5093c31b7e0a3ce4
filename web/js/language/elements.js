// The texts in the elements: an element with `data-text="KEY"` has this text as its content; `data-text-label`,
// `data-text-title` and the others are for the attributes that people read.

import { text } from './texts.js';

/** `data-empty` and `data-locked` are shown by style sheets. */
const ATTRIBUTES = {
  textLabel: 'aria-label', textTitle: 'title', textPlaceholder: 'placeholder', textAlt: 'alt', textEmpty: 'data-empty',
  textLocked: 'data-locked',
};
const SELECTOR = [
  '[data-text]', '[data-text-label]', '[data-text-title]', '[data-text-placeholder]', '[data-text-alt]',
  '[data-text-empty]', '[data-text-locked]',
].join();

/** Sets the texts of all elements below a document, an element or a fragment, templates left out. */
export function setTexts(root) {
  for (const element of root.querySelectorAll(SELECTOR)) setTextsOf(element);
  for (const element of root.querySelectorAll('[data-words]')) setContent(element, words.get(element)());
}

/** Sets the texts that the attributes of one element name. */
export function setTextsOf(element) {
  const { dataset } = element;
  // An empty name: a script sets this text.
  if (dataset.text) setContent(element, text(dataset.text));
  for (const [name, attribute] of Object.entries(ATTRIBUTES)) {
    if (dataset[name]) setAttribute(element, attribute, text(dataset[name]));
  }
}

/**
 * Sets the content of an element, which is the text of a script from now on. A text that stays is not set, so that neither
 * a screen reader nor a selection is disturbed.
 */
export function setText(element, content) {
  if (element.dataset?.text) element.dataset.text = '';
  if (words.delete(element)) delete element.dataset.words;
  setContent(element, content);
}

/** Gives an element a text of the tables, in the language of the page from now on. @param {string} key */
export function setKey(element, key) {
  setText(element, text(key));
  element.dataset.text = key;
}

/** The words of the elements with `data-words`. @type {WeakMap<Element, () => string>} */
const words = new WeakMap();

/**
 * Gives an element a text that a function makes, now and after each change of the language. A text with values is such a
 * text, and so is one of two sentences.
 * @param {() => string} make
 */
export function setWords(element, make) {
  setText(element, make());
  words.set(element, make);
  element.dataset.words = '';
}

/** Sets an attribute, if it is another one. */
export function setAttribute(element, name, value) {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

function setContent(element, content) {
  if (element.textContent !== content) element.textContent = content;
}
