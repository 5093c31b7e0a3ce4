// The language of the page: loads its table, puts the texts into the elements, and lets the person choose a language.

import { LANGUAGES, attributesOf, chosenLanguage, storeLanguage, storedLanguage } from './choice.js';
import { setTexts } from './elements.js';
import en from './en.js';
import { TableLoader } from './table-loader.js';
import { languageChanges, languageNow, speak } from './texts.js';

/** English needs no request: its table comes with the modules of each page. */
const TABLES = {
  en: async () => ({ default: en }), de: () => import('./de.js'), fr: () => import('./fr.js'), es: () => import('./es.js'),
  zh: () => import('./zh.js'), ja: () => import('./ja.js'), ko: () => import('./ko.js'),
};
/** A page does not wait for its table longer than this. The texts are English until the table is there. */
const PATIENCE_MS = 3000;

// The elements get their texts first, and the listeners after this one set theirs.
languageChanges.addEventListener('change', () => setTexts(document));

const loader = new TableLoader(async (code) => (await TABLES[code]()).default, (code, table) => {
  Object.assign(document.documentElement, attributesOf(code));
  speak(code, table);
  endWait(code);
}, () => {
  // early.js has named the language that does not come.
  Object.assign(document.documentElement, attributesOf(languageNow()));
  endWait(languageNow());
});

/**
 * Gives the page its language, and fills the choice of languages.
 * @returns {Promise<void>} resolves when the texts are there, or when the page should not wait for them any longer
 */
export async function startLanguage() {
  connectChoice();
  await Promise.race([
    loader.choose(chosenLanguage(navigator.languages, storedLanguage())),
    new Promise((resolve) => setTimeout(resolve, PATIENCE_MS)),
  ]);
  document.documentElement.classList.remove('awaits-language');
}

/** The texts show, and so do the choices. */
function endWait(code) {
  document.documentElement.classList.remove('awaits-language');
  for (const select of document.querySelectorAll('[data-languages]')) select.value = code;
}

/** Fills each `select` with the languages. Without this script, the labels around them stay hidden. */
function connectChoice() {
  for (const select of document.querySelectorAll('[data-languages]')) {
    select.replaceChildren(...Object.entries(LANGUAGES).map(([code, name]) => {
      const option = new Option(name, code);
      option.lang = attributesOf(code).lang;
      return option;
    }));
    select.value = languageNow();
    select.addEventListener('change', async () => {
      const code = select.value;
      // The next page does not wait for a table that has not come to this one.
      if (await loader.choose(code)) storeLanguage(code);
    });
    select.closest('label').hidden = false;
  }
}
