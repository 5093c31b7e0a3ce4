// The station as /station.json describes it. Any text may come from people, so each value is checked and cut.

/** A station has at most this many streams on the page. */
const MAX_STREAMS = 200;
const MAX_TEXT = 300;
const MAX_DESCRIPTION = 1000;
const MAX_URL = 2000;
/** The name of a station whose settings name none. */
const NAMELESS = 'ringcast';
const STATES = ['starting', 'live', 'silent', 'fallback', 'filling', 'ended'];
/** The address of a logo, beside the page. */
const LOGO = /^[a-z0-9][a-z0-9_-]{0,63}\/logo$/;
const NAME = /^[a-z0-9][a-z0-9_-]{0,63}$/;
/** Control characters, and the marks that turn the direction of the text after them. */
const UNWANTED = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g;

/**
 * @typedef {object} StreamCard
 * @property {string} name as in the stream's URLs
 * @property {string} label the title, or the name where there is no title
 * @property {string?} description
 * @property {string?} genre
 * @property {string?} homepage an http or https URL
 * @property {string?} logo the address of the stream's own logo, beside the page
 * @property {boolean} isOnAir
 * @property {'starting' | 'live' | 'silent' | 'fallback' | 'filling' | 'ended' | 'unknown'} state
 * @property {{title: string?, artist: string?}?} nowPlaying
 * @property {number?} listeners null where the server does not tell
 * @property {boolean} isPrivate whether a listener needs a token
 *
 * @typedef {object} Station
 * @property {string?} name null where the station has no name of its own
 * @property {string?} description
 * @property {string?} genre
 * @property {string?} homepage an http or https URL
 * @property {string?} logo the address of the logo, beside the page
 * @property {StreamCard[]} streams in the order of the station
 */

/**
 * @param {unknown} value the JSON of the answer
 * @returns {Station} A stream without a valid name is left out, as is the second one of a name.
 * @throws {SyntaxError} where the value is no station
 */
export function stationOf(value) {
  if (!isObject(value) || !Array.isArray(value.streams)) throw new SyntaxError('the answer is no station');
  const streams = new Map();
  for (const stream of value.streams) {
    if (streams.size === MAX_STREAMS) break;
    if (isObject(stream) && isName(stream.name) && !streams.has(stream.name)) streams.set(stream.name, cardOf(stream));
  }
  const name = textOf(value.name, MAX_TEXT);
  const logo = logoOf(value.logo);
  for (const card of streams.values()) if (card.logo === logo) card.logo = null;
  return { ...identityOf(value), logo, name: name === NAMELESS ? null : name, streams: [...streams.values()] };
}

function cardOf(stream) {
  const { name, on_air: isOnAir, state, listeners } = stream;
  return {
    name,
    label: textOf(stream.title, MAX_TEXT) ?? name,
    ...identityOf(stream),
    logo: logoOf(stream.logo),
    isOnAir: isOnAir === true,
    state: STATES.includes(state) ? state : 'unknown',
    nowPlaying: nowPlayingOf(stream.now_playing),
    listeners: Number.isSafeInteger(listeners) && listeners >= 0 ? listeners : null,
    isPrivate: stream.private === true,
  };
}

const identityOf = ({ description, genre, homepage }) => ({
  description: textOf(description, MAX_DESCRIPTION), genre: textOf(genre, MAX_TEXT), homepage: webURLOf(homepage),
});

const logoOf = (value) => (typeof value === 'string' && LOGO.test(value) ? value : null);

function nowPlayingOf(value) {
  if (!isObject(value)) return null;
  const [title, artist] = [textOf(value.title, MAX_TEXT), textOf(value.artist, MAX_TEXT)];
  return title === null && artist === null ? null : { title, artist };
}

/** One line of text, cut after `max` characters; null where nothing is left of the value. */
function textOf(value, max) {
  if (typeof value !== 'string') return null;
  // A character has at most two code units. The rest of a long text costs no time.
  const line = value.slice(0, 2 * max + 2).replace(UNWANTED, ' ').trim();
  const characters = [...line];
  return characters.length > max ? `${characters.slice(0, max - 1).join('')}…` : line || null;
}

/** A URL that a link may have. A URL of another scheme could run as a script. */
function webURLOf(value) {
  if (typeof value !== 'string' || value.length > MAX_URL) return null;
  const url = parsed(value);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) return null;
  return url.username === '' && url.password === '' ? url.href : null;
}

/** Null where the text is no absolute URL. iOS 16 has no `URL.canParse`. */
function parsed(text) {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

const isName = (value) => typeof value === 'string' && NAME.test(value);
const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
