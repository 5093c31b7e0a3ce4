// How late the listener wants to be: from as live as possible to never interrupted.

/**
 * @typedef {object} Wish
 * @property {string} name as the address of the page and the preferences have it
 * @property {string} label
 * @property {number} cushion the low-water mark wanted, s; 0 for as little as it takes
 * @property {boolean} isLivest whether an engine that can be nearer to live is worth what it can't do
 */

/** @type {Wish[]} */
export const WISHES = [
  { name: 'live', label: 'As live as possible', cushion: 0, isLivest: true },
  { name: 'low', label: 'Live', cushion: 0, isLivest: false },
  { name: 'calm', label: 'A second late', cushion: 1, isLivest: false },
  { name: 'safe', label: 'Three seconds late', cushion: 3, isLivest: false },
  { name: 'never', label: 'Never interrupt', cushion: 10, isLivest: false },
];

export const DEFAULT_WISH = WISHES[1];

/** The wish of that name; undefined where there is none. */
export const wishNamed = (name) => WISHES.find((wish) => wish.name === name);
