// No text of a page stands outside the tables.

import assert from 'node:assert/strict';
import test from 'node:test';

import en from '../../../web/js/language/en.js';
import { modules, pages, styles, textsIn, valueOf } from './pages.mjs';

const LETTERS = /\p{L}{2}/u;
/** Names, and texts that are the same in every language or that a script replaces. */
const NAMES = ['ringcast', 'live', 'live.m3u8', '/live.m3u8', '/live.mp3', '.m3u', '.pls', '/status', '0 dBFS'];
const KEYS_OF_A_KEYBOARD = 'kbd';
const READ = {
  'data-text-label': 'aria-label', 'data-text-title': 'title', 'data-text-placeholder': 'placeholder',
  'data-text-alt': 'alt', 'data-text-empty': 'data-empty', 'data-text-locked': 'data-locked',
};
/** An example that is no word of the page. */
const EXAMPLE = 'kitchen';
const isKnown = (text) => [...NAMES, EXAMPLE].includes(text);

for (const { name, source } of pages) {
  test(`each text of ${name} is in the table, and reads the same without scripts`, () => {
    for (const { tag, attributes, text } of textsIn(source)) {
      const key = valueOf(attributes, 'data-text');
      if (key !== null) assert.equal(text, en[key], `${tag} ${key}`);
      else if (LETTERS.test(text)) assert.ok(isKnown(text) || tag === KEYS_OF_A_KEYBOARD, `${tag}: ${text}`);
      for (const [data, attribute] of Object.entries(READ)) {
        const value = valueOf(attributes, attribute);
        const key = valueOf(attributes, data);
        if (key !== null) assert.equal(value, en[key], `${tag} ${key}`);
        else if (value) assert.ok(isKnown(value), `${tag} ${attribute}: ${value}`);
      }
    }
  });

  test(`${name} lets people choose the language`, () => assert.match(source, /<select data-languages><\/select>/));
}

/** Words, and not a key, a path or a name in code. */
const isText = (literal) => LETTERS.test(literal) && !/^[a-z]+\.[\w-]+$/.test(literal);
const STRING = String.raw`('(?:[^'\\\n]|\\.)*'|\`(?:[^\`\\]|\\.)*\`)`;
/** The places where a module gives people a text. */
const PLACES = [
  new RegExp(String.raw`\b(?:setText|write)\([^,()]*(?:\([^()]*\))?[^,()]*,\s*${STRING}\)`, 'g'),
  new RegExp(String.raw`\.(?:textContent|innerText|ariaLabel|title|placeholder)\s*=\s*${STRING}`, 'g'),
  new RegExp(String.raw`['"]?(?:aria-label|aria-valuetext|aria-description)['"]?\s*[:,]\s*${STRING}`, 'g'),
  new RegExp(String.raw`\b(?:placeholder|title|label|sentence|advice)\s*:\s*${STRING}`, 'g'),
  // The children of make(tag, { … }, children).
  new RegExp(String.raw`\bmake\(\s*'[a-z0-9]+',\s*\{[^{}]*\},\s*${STRING}`, 'g'),
];
/** A sentence, or the beginning of one: a capital letter, and a blank between two words. */
const SENTENCE = /'((?:[A-Z][\p{L}’,]*|[A-Z]) [^'\n]*)'|`([A-Z][\p{L}’]+ [^`\n]*)`/gu;
/** Names in code that look like sentences. */
const CODE = /Media Source|^M\$|^L |^V |^A\d|Bearer/;

test('no module has a text of its own', () => {
  for (const { name, source } of modules) {
    // An error that is thrown at a programmer, and a log of the browser, stay English.
    const rest = source.replace(/new (?:\w*Error|DOMException)\([^;]*;/g, '').replace(/console\.\w+\([^;]*;/g, '');
    for (const place of PLACES) {
      for (const [, string] of rest.matchAll(place)) {
        const literal = string.slice(1, -1).replace(/\$\{[^}]*\}/g, '');
        assert.ok(!isText(literal) || CODE.test(literal) || NAMES.includes(literal.trim()), `${name}: ${string}`);
      }
    }
    for (const [, one, other] of rest.matchAll(SENTENCE)) {
      assert.match(one ?? other, CODE, `${name} has the text “${one ?? other}”`);
    }
  }
});

test('no style sheet has a text of its own', () => {
  for (const { name, source } of styles) {
    for (const [, text] of source.matchAll(/content:\s*"([^"]*)"/g)) assert.doesNotMatch(text, LETTERS, name);
  }
});
