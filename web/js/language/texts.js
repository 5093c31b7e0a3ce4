// The texts of the pages, in the language of this page.

import en from './en.js';
import { localeOf, number } from './formats.js';

/**
 * An entry of a table: a text with `{name}` for values, or one text for each plural category of the value `count`
 * (Unicode CLDR; `Intl.PluralRules`).
 * @typedef {string | {other: string} & Record<string, string>} Entry
 */

let language = 'en';
/** @type {Record<string, Entry>} */
let table = en;

/** Events: `change` when the page has another language. */
export const languageChanges = new EventTarget();

/** The language of the page, a key of LANGUAGES. */
export const languageNow = () => language;

/** The locale of numbers and dates on the page. */
export const locale = () => localeOf(language, globalThis.navigator?.languages ?? []);

/**
 * From now on the page speaks another language.
 * @param {string} code
 * @param {Record<string, Entry>} entries its table
 */
export function speak(code, entries) {
  [language, table] = [code, entries];
  languageChanges.dispatchEvent(new Event('change'));
}

/** Whether there is such a text, for keys that contain a code of the server. */
export const hasText = (key) => Object.hasOwn(en, key);

/**
 * A text. The values are inserted as they are: what people have written is never read as a pattern.
 * @param {string} key of the tables
 * @param {Record<string, string | number>} [values] a number is written as the locale writes numbers
 */
export const text = (key, values) => filled(table[key] ?? en[key] ?? key, values, locale());

/** @param {Entry} entry @param {Record<string, string | number>} [values] @param {string} locale BCP 47 */
export function filled(entry, values = {}, locale) {
  const form = typeof entry === 'string' ? entry : entry[pluralRules(locale).select(values.count)] ?? entry.other;
  return form.replace(/\{(\w+)\}/g, (_, name) => {
    const value = values[name];
    return typeof value === 'number' ? number(value, {}, locale) : String(value);
  });
}

const rules = new Map();

function pluralRules(locale) {
  if (!rules.has(locale)) rules.set(locale, new Intl.PluralRules(locale));
  return rules.get(locale);
}
