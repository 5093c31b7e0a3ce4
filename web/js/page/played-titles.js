// The titles of the last hours, as the server tells them.

import { now as monotonicNow } from '../net/clock.js';
import { download } from '../net/download.js';

const TIMEOUT_SECONDS = 6;
/** The shortest time between two requests. */
const PAUSE_SECONDS = 5;

/**
 * @param {unknown} value the JSON of the answer
 * @returns {import('./played-before.js').PlayedTitle[]} the latest first; an entry without a date or a title is left out
 */
export function titlesOf(value) {
  const titles = Array.isArray(value?.titles) ? value.titles : [];
  return titles.map((entry) => ({
    start: Date.parse(entry?.start), playing: { title: textOf(entry?.title), artist: textOf(entry?.artist) },
  })).filter(({ start, playing }) => Number.isFinite(start) && (playing.title ?? playing.artist) !== null);
}

/**
 * The titles before the one that is heard, from two lists, the latest first. A title that goes on with other dates, as after
 * the server's clock was set, counts once, from its beginning on.
 * @param {import('./played-before.js').PlayedTitle[]} told by the server, with the title that is heard
 * @param {import('./played-before.js').PlayedTitle[]} seen by the page, without that title
 * @param {number?} heardDate ms since 1970; null before the first sound
 */
export function titlesBefore(told, seen, heardDate) {
  const [heard, ...begun] = told.filter(({ start }) => heardDate === null || start <= heardDate);
  const rows = [];
  let newer = heard && keyOf(heard);
  for (const title of [...begun, ...seen].sort((a, b) => b.start - a.start)) {
    if (keyOf(title) !== newer) rows.push(title);
    else if (rows.length > 0) rows[rows.length - 1] = title;
    newer = keyOf(title);
  }
  return rows;
}

const keyOf = ({ playing }) => JSON.stringify([playing.title, playing.artist]);

const textOf = (value) => (typeof value === 'string' && value !== '' ? value : null);

/** Events: `change` when an answer has come. */
export class PlayedTitles extends EventTarget {
  /** @type {import('./played-before.js').PlayedTitle[]} */
  latest = [];
  #url;
  #key;
  #askedAt = -Infinity;

  /** @param {string} url */
  constructor(url) {
    super();
    this.#url = url;
  }

  /** Asks again where another title plays than at the last request. To be called often. @param {string} key */
  async refresh(key) {
    if (key === this.#key || monotonicNow() - this.#askedAt < PAUSE_SECONDS) return;
    [this.#key, this.#askedAt] = [key, monotonicNow()];
    try {
      this.latest = titlesOf(await download(this.#url, 'json', {
        timeoutSeconds: TIMEOUT_SECONDS, cache: 'no-cache', headers: { 'Ringcast-Session': '-' },
      }));
      this.dispatchEvent(new Event('change'));
    } catch {
      // The page shows the titles that it has seen itself.
      this.#key = undefined;
    }
  }
}
