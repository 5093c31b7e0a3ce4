// The pictures of a stream by the dates of their sound: the one to show, and those to fetch. Pure.

/** A picture is shown for this time at most, ms: whoever showed it has stopped. */
const STALE_MS = 5000;
/** Pictures are fetched this long before their sound is heard, ms. */
const AHEAD_MS = 2500;

/**
 * @typedef {object} Picture
 * @property {number} id rises from picture to picture
 * @property {number} date ms since 1970, of the sound that belongs to the picture
 */

export class PictureTrack {
  /** In the order of the dates. @type {Picture[]} */
  #pictures = [];

  /** The id of the newest picture; 0 before the first. */
  lastID = 0;

  /** @param {{id: number, date: string}[]} listed as the server lists the pictures */
  add(listed) {
    for (const { id, date } of listed) {
      if (id > this.lastID) this.#pictures.push({ id, date: Date.parse(date) });
      this.lastID = Math.max(this.lastID, id);
    }
    this.#pictures.sort((one, other) => one.date - other.date || one.id - other.id);
  }

  /** Forgets the pictures whose sound nobody can hear any more. @param {number} date ms since 1970 */
  forgetBefore(date) {
    this.#pictures = this.#pictures.filter((picture) => picture.date >= date);
  }

  /** Forgets a picture that the server does not have any more. */
  drop(id) {
    this.#pictures = this.#pictures.filter((picture) => picture.id !== id);
  }

  /** @returns {Picture?} the picture of the sound that is heard at a date, ms since 1970 */
  at(date) {
    const picture = this.#pictures.findLast((other) => other.date <= date) ?? null;
    return picture !== null && date - picture.date <= STALE_MS ? picture : null;
  }

  /** @returns {Picture[]} those to have at a date: the one to show, and the next ones */
  wanted(date) {
    const next = this.#pictures.filter((picture) => picture.date > date && picture.date <= date + AHEAD_MS);
    return [this.at(date), ...next].filter((picture) => picture !== null);
  }

  /** Milliseconds of sound until another picture is due, or none. */
  msUntilNext(date) {
    const next = this.#pictures.find((picture) => picture.date > date);
    const shown = this.at(date);
    return Math.min(next ? next.date - date : Infinity, shown ? shown.date + STALE_MS + 1 - date : Infinity);
  }
}
