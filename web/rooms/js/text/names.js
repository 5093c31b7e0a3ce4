// Names of members and rooms.

import { text } from '../../../js/language/texts.js';

const LONGEST = 32;
/** Control characters, ends of lines, and characters that turn the direction of the text around them. */
const FORBIDDEN = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;
/** The names of files of these pages. */
const RESERVED = ['index', 'list', 'room'];
const ROOM = /^[a-z0-9][a-z0-9_-]{0,63}$/;

/** The characters of a text as people count them. */
const graphemes = (words) => ('Segmenter' in Intl ? [...new Intl.Segmenter().segment(words)] : [...words]);

/**
 * Checks a member's name by the rules of the server.
 * @returns {{name: string} | {problem: string}} the name as the server would write it, or the broken rule
 */
export function checkedName(written) {
  const name = written.normalize('NFC').trim();
  if (name === '') return { problem: text('error.name-empty') };
  if (FORBIDDEN.test(name)) return { problem: text('error.name-hidden') };
  if (graphemes(name).length > LONGEST) return { problem: text('error.name-long', { count: LONGEST }) };
  return { name };
}

/** @returns {string?} the name of a room as it stands in its address; null where no address can have this name */
export function roomNameFrom(written) {
  const name = written.trim().toLowerCase().replace(/\s+/g, '-');
  return ROOM.test(name) && !RESERVED.includes(name) ? name : null;
}

/** The letter in a member's picture. */
export const initial = (name) => {
  const [first] = graphemes(name.trim() || '?');
  return (first.segment ?? first).toLocaleUpperCase();
};

/** The hue of a member's picture, in degrees. The same name always has the same hue. */
export function hueOf(name) {
  let hash = 0;
  for (const character of name.normalize('NFC').toLowerCase()) hash = (hash * 31 + character.codePointAt(0)) % 9973;
  return hash % 12 * 30;
}
