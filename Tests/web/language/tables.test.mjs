// The tables: every text is there in every language, and no table has a text that no page shows.

import assert from 'node:assert/strict';
import test from 'node:test';

import { LANGUAGES } from '../../../web/js/language/choice.js';
import en from '../../../web/js/language/en.js';
import { modules, pages } from './pages.mjs';
import { TEMPLATES, keysOf } from './templates.mjs';

const tables = Object.fromEntries(await Promise.all(Object.keys(LANGUAGES).map(
  async (code) => [code, (await import(`../../../web/js/language/${code}.js`)).default])));
const keys = Object.keys(en);
const namespaces = new Set(keys.map((key) => key.split('.')[0]));
const forms = (entry) => (typeof entry === 'string' ? [entry] : Object.values(entry));
const placeholders = (text) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();

const FILE = /\.(?:js|json|css|html|mp3|m3u8|png|svg)$/;
const isOfTables = (key) => namespaces.has(key.split('.')[0]) && !FILE.test(key);
const LITERAL = /'([a-z]+\.[\w-]+)'|data-text(?:-[a-z]+)?="([^"]+)"/g;
const PUT_TOGETHER = /`([a-z]+\.(?:\$\{[^}]*\}|[\w-])*\$\{(?:\$\{[^}]*\}|[^`])*)`/g;

/** The keys that a module or a page names, and the templates from which a module puts keys together. */
const named = [...modules, ...pages].flatMap(({ name, source }) => [...source.matchAll(LITERAL)]
  .map(([, one, other]) => ({ name, key: one ?? other })).filter(({ key }) => isOfTables(key)));
const templates = modules.flatMap(({ name, source }) => [...source.matchAll(PUT_TOGETHER)]
  .filter(([, template]) => isOfTables(template)).map(([, template]) => ({ name, template })));

for (const [code, table] of Object.entries(tables)) {
  test(`the table ${code} has every text, and no other`, () => {
    assert.deepEqual(Object.keys(table).sort(), [...keys].sort());
    for (const [key, entry] of Object.entries(table)) for (const text of forms(entry)) assert.notEqual(text.trim(), '', key);
  });

  test(`the texts of the table ${code} have the values of the English ones`, () => {
    for (const key of keys) {
      const wanted = placeholders(forms(en[key]).join(' '));
      for (const text of forms(table[key])) assert.deepEqual(placeholders(text), wanted, `${key}: ${text}`);
    }
  });

  test(`the table ${code} has a text for each plural`, () => {
    const possible = new Intl.PluralRules(code).resolvedOptions().pluralCategories;
    // The other categories of these languages, such as that of French for millions, use the text of `other`.
    const needed = possible.filter((form) => form === 'one' || form === 'other');
    for (const [key, entry] of Object.entries(table)) {
      if (typeof entry === 'string') continue;
      assert.deepEqual(needed.filter((form) => !Object.hasOwn(entry, form)), [], `${key} lacks a plural`);
      assert.deepEqual(Object.keys(entry).filter((form) => !possible.includes(form)), [], `${key} has another plural`);
    }
  });
}

test('a page and a module name only texts that are in the tables', () => {
  for (const { name, key } of named) assert.ok(Object.hasOwn(en, key), `${name} names ${key}`);
  for (const { name, template } of templates) {
    for (const key of keysOf(template)) assert.ok(Object.hasOwn(en, key), `${name} names ${key}`);
  }
});

test('each template of keys has its values in templates.mjs, and no other one is there', () => {
  assert.deepEqual([...new Set(templates.map(({ template }) => template))].sort(), Object.keys(TEMPLATES).sort());
});

test('the tables have no text that no page shows', () => {
  const used = new Set([...named.map(({ key }) => key), ...Object.keys(TEMPLATES).flatMap(keysOf)]);
  assert.deepEqual(keys.filter((key) => !used.has(key)), []);
});
