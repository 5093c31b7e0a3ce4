// What plays from a date on: the attribute list of an EXT-X-DATERANGE (rfc8216bis §4.4.5.1) as ringcast writes it.

/** §4.2: names of A to Z, digits and hyphens; a quoted-string has no quotation mark in it. */
const ATTRIBUTE = /([A-Z0-9-]+)=(?:"([^"]*)"|([^",]*))(?:,|$)/y;
const CLASS = 'now-playing';

/**
 * @typedef {object} NowPlaying
 * @property {string?} title
 * @property {string?} artist
 *
 * @typedef {object} DateRange
 * @property {string} id
 * @property {number} start milliseconds since 1970
 * @property {NowPlaying?} playing null where nothing is said of what plays
 */

/**
 * @param {string} text the attribute list
 * @returns {DateRange?} null where it is of something else, or no attribute list
 */
export function parseDateRange(text) {
  const attributes = new Map();
  ATTRIBUTE.lastIndex = 0;
  for (let end = 0; end < text.length; end = ATTRIBUTE.lastIndex) {
    const match = ATTRIBUTE.exec(text);
    if (match === null) return null;
    attributes.set(match[1], match[2] ?? match[3]);
  }
  const start = Date.parse(attributes.get('START-DATE'));
  if (attributes.get('CLASS') !== CLASS || !attributes.has('ID') || Number.isNaN(start)) return null;
  const [title, artist] = [attributes.get('X-TITLE') || null, attributes.get('X-ARTIST') || null];
  return { id: attributes.get('ID'), start, playing: title === null && artist === null ? null : { title, artist } };
}

/**
 * The same from the header field of a segment, which is percent-encoded.
 * @param {string?} field
 * @returns {DateRange?}
 */
export function dateRangeOfField(field) {
  try {
    return field === null ? null : parseDateRange(decodeURIComponent(field));
  } catch {
    // A URIError: whatever is in the way has had its say in it.
    return null;
  }
}
