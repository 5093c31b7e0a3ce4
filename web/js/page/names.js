// The names of the station and of the stream, which the server writes into the head of the page for messengers, too.

/** The name of a station whose settings name none. */
const NAMELESS = 'ringcast';

/**
 * @typedef {object} Names
 * @property {string} stream the title of the stream, or its name where it has no title
 * @property {string?} station null where the station has no name of its own
 * @property {boolean} isTitled whether the stream has a title
 */

/**
 * @param {{title?: string, site?: string}} head og:title and og:site_name
 * @param {string} name of the stream
 * @returns {Names}
 */
export function namesOf({ title, site }, name) {
  const station = site && site !== NAMELESS ? site : null;
  // The only stream of a station has the name of the station.
  const isTitled = Boolean(title) && title !== NAMELESS && title !== name;
  return { stream: isTitled ? title : name, station, isTitled };
}

/** @param {string} name of the stream */
export function namesInHead(name) {
  const content = (property) => document.querySelector(`meta[property="${property}"]`)?.content;
  return namesOf({ title: content('og:title'), site: content('og:site_name') }, name);
}

/**
 * Whether the station has a page beside the page of this stream.
 * @param {Location | URL} location
 * @param {string} name of the stream
 */
export const isBesideStation = (location, name) =>
  location.pathname.endsWith(`/${name}`) || new URLSearchParams(location.search).has('stream');
