// The choice of a language, and a text with its values.

import assert from 'node:assert/strict';
import test from 'node:test';

import { attributesOf, chosenLanguage } from '../../../web/js/language/choice.js';
import de from '../../../web/js/language/de.js';
import en from '../../../web/js/language/en.js';
import { listText, localeOf } from '../../../web/js/language/formats.js';
import { filled, languageChanges, languageNow, speak, text } from '../../../web/js/language/texts.js';

test('the page speaks the first language of the browser that has a table', () => {
  assert.equal(chosenLanguage(['de-AT', 'en'], null), 'de');
  assert.equal(chosenLanguage(['nl', 'fr-CA', 'en'], null), 'fr');
  assert.equal(chosenLanguage(['zh-TW'], null), 'zh');
  assert.equal(chosenLanguage(['EN-gb', 'de'], null), 'en');
});

test('the page speaks English where the browser has no language of the pages', () => {
  assert.equal(chosenLanguage(['nl', 'tlh'], null), 'en');
  assert.equal(chosenLanguage([], null), 'en');
});

test('a stored choice comes before the languages of the browser, if there is such a table', () => {
  assert.equal(chosenLanguage(['de'], 'ja'), 'ja');
  for (const stored of ['tlh', '', 'constructor', '__proto__']) assert.equal(chosenLanguage(['de'], stored), 'de');
});

test('the document learns its language and its direction', () => {
  assert.deepEqual(attributesOf('ja'), { lang: 'ja', dir: 'ltr' });
  assert.deepEqual(attributesOf('zh'), { lang: 'zh-Hans', dir: 'ltr' });
  assert.equal(attributesOf('he').dir, 'rtl');
});

test('a value is inserted as it is, and never read as a pattern', () => {
  assert.equal(filled('{name} wants {what}', { name: '{what} $& <b>', what: 'air' }, 'en'), '{what} $& <b> wants air');
});

test('a number is written as the locale writes numbers', () => {
  assert.equal(filled('{count} samples', { count: 12_345 }, 'en'), '12,345 samples');
  assert.equal(filled('{count} Samples', { count: 12_345 }, 'de'), '12.345 Samples');
});

test('a count chooses the plural of the locale', () => {
  const entry = { one: '{count} auditeur', other: '{count} auditeurs' };
  assert.equal(filled(entry, { count: 0 }, 'fr'), '0 auditeur');
  assert.equal(filled(entry, { count: 2 }, 'fr'), '2 auditeurs');
  // French has a plural of its own for millions, which needs no text of its own here.
  assert.equal(filled(entry, { count: 1_000_000 }, 'fr').replace(/\s/g, ' '), '1 000 000 auditeurs');
});

test('numbers and dates follow the variant of the browser, where it is of the language of the page', () => {
  assert.equal(localeOf('de', ['en-US', 'de-CH', 'de']), 'de-CH');
  assert.equal(localeOf('de', ['en-US']), 'de');
  assert.equal(localeOf('zh', ['zh-TW']), 'zh-Hans');
});

test('a tag that is no locale is passed over, because a format of this tag would throw', () => {
  assert.equal(localeOf('en', ['en-US@posix']), 'en');
  assert.equal(localeOf('en', ['en_US', 'en-US@posix', 'en-GB']), 'en-GB');
});

test('names are listed as the language lists them', () => {
  assert.equal(listText(['Ann'], 'en-US'), 'Ann');
  assert.equal(listText(['Ann', 'Bob', 'Cid'], 'en-US'), 'Ann, Bob and Cid');
  assert.equal(listText(['Ann', 'Bob', 'Cid'], 'de'), 'Ann, Bob und Cid');
  assert.equal(listText(['Ann', 'Bob', 'Cid'], 'ja'), 'Ann、Bob、Cid');
});

test('the page can change its language, and tells its parts', () => {
  const heard = [];
  languageChanges.addEventListener('change', () => heard.push(languageNow()));
  assert.equal(text('player.playing'), 'On air');
  speak('de', de);
  assert.equal(text('player.playing'), 'Auf Sendung');
  assert.equal(text('common.listeners', { count: 1500 }), '1.500 Zuhörer');
  speak('en', en);
  assert.equal(text('player.playing'), 'On air');
  assert.deepEqual(heard, ['de', 'en']);
});
