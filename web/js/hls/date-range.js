// Date ranges: the attribute list of an EXT-X-DATERANGE tag (rfc8216bis §4.4.5.1), as ringcast writes it. A date range
// tells which title plays from a date on.

/** §4.2: a name has the characters A to Z, 0 to 9 and hyphen. A quoted-string contains no quotation mark. */
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
 * @property {NowPlaying?} playing null where the stream names neither title nor artist
 */

/**
 * @param {string} text the attribute list
 * @returns {DateRange?} null where the text is no attribute list, or belongs to another class
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
 * Parses the header field of a segment, which is percent-encoded.
 * @param {string?} field
 * @returns {DateRange?}
 */
export function dateRangeOfField(field) {
  try {
    return field === null ? null : parseDateRange(decodeURIComponent(field));
  } catch {
    // A URIError: a proxy on the way has changed the field.
    return null;
  }
}
