// Numbers, dates and lists as a locale writes them. To make a format takes much longer than to use one, so each is kept.

const formats = new Map();

function format(Kind, locale, options) {
  const key = `${Kind.name} ${locale} ${JSON.stringify(options)}`;
  if (!formats.has(key)) formats.set(key, new Kind(locale, options));
  return formats.get(key);
}

/**
 * The locale of a language: the browser's own variant of that language, such as `de-AT`, or else the language alone.
 * @param {string} language a key of LANGUAGES
 * @param {readonly string[]} wanted the browser's languages
 */
export function localeOf(language, wanted) {
  // The table of simplified characters is not for the other variants of Chinese.
  if (language === 'zh') return 'zh-Hans';
  return wanted.find((tag) => tag.toLowerCase().split('-')[0] === language && isLocale(tag)) ?? language;
}

/** Some browsers list tags that are no BCP 47, such as `en-US@posix`, and a format of such a locale throws. */
function isLocale(tag) {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}

/** @param {number} value @param {Intl.NumberFormatOptions} options @param {string} locale */
export const number = (value, options, locale) => format(Intl.NumberFormat, locale, options).format(value);

/** @param {Date | number} date @param {Intl.DateTimeFormatOptions} options @param {string} locale */
export const dateText = (date, options, locale) => format(Intl.DateTimeFormat, locale, options).format(date);

/** Names as a list, such as `Ann, Bob and Cid`. British English has no comma before the last name. */
export const listText = (names, locale) => (names.length < 2 ? names.join('')
  : format(Intl.ListFormat, locale.split('-')[0] === 'en' ? 'en-GB' : locale, { type: 'conjunction' }).format(names));
