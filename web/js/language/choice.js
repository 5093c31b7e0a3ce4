// The choice of a language: the one that the person has chosen on a page, or else the first of the browser's languages
// that the pages have.

/** The languages of the pages, each with its name in itself. */
export const LANGUAGES = {
  en: 'English', de: 'Deutsch', fr: 'Français', es: 'Español', zh: '简体中文', ja: '日本語', ko: '한국어',
};

/** The languages that are written from right to left, as soon as a table has one of them. */
const RIGHT_TO_LEFT = ['ar', 'fa', 'he', 'ur'];
const KEY = 'ringcast-language';

/**
 * @param {readonly string[]} wanted the browser's languages as BCP 47 tags, such as `de-AT`, the first is the favourite
 * @param {string?} stored the choice of an earlier visit
 * @returns {string} a key of LANGUAGES
 */
export function chosenLanguage(wanted, stored) {
  if (stored !== null && Object.hasOwn(LANGUAGES, stored)) return stored;
  return wanted.map((tag) => tag.toLowerCase().split('-')[0]).find((code) => Object.hasOwn(LANGUAGES, code)) ?? 'en';
}

/** The attributes of the document in a language. The Chinese table has simplified characters. */
export const attributesOf = (code) => ({
  lang: code === 'zh' ? 'zh-Hans' : code, dir: RIGHT_TO_LEFT.includes(code) ? 'rtl' : 'ltr',
});

export function storedLanguage() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    // Where storage is forbidden, even its name throws.
    return null;
  }
}

export function storeLanguage(code) {
  try {
    localStorage.setItem(KEY, code);
  } catch {
    // The storage is forbidden or full. The choice lasts as long as the page.
  }
}
