// The completion of a mention with the Tab key.

/** An @ at the beginning of a word, and the letters of a name up to the caret. */
const BEGUN = /(?:^|\s)@([^@\n]{1,32})$/u;

/**
 * One row of Tab keys: the first Tab completes the begun name, each further Tab takes the next name that fits.
 */
export class Completion {
  #candidates = [];
  #index = 0;
  /** The text and the caret that the last Tab left behind. */
  #left = null;
  #begin = 0;
  #tail = '';

  /**
   * @param {string} text
   * @param {number} caret
   * @param {string[]} names of the other members
   * @returns {{text: string, caret: number}?} null where there is nothing to complete, and Tab moves the focus
   */
  next(text, caret, names) {
    const isAgain = this.#left !== null && this.#left.text === text && this.#left.caret === caret;
    if (isAgain) {
      this.#index = (this.#index + 1) % this.#candidates.length;
    } else if (!this.#start(text, caret, names)) {
      return null;
    }
    const before = `${text.slice(0, this.#begin)}@${this.#candidates[this.#index]} `;
    this.#left = { text: before + this.#tail, caret: before.length };
    return this.#left;
  }

  #start(text, caret, names) {
    this.#left = null;
    const begun = BEGUN.exec(text.slice(0, caret))?.[1];
    if (begun === undefined) return false;
    const folded = begun.toLowerCase();
    this.#candidates = names.filter((name) => name.toLowerCase().startsWith(folded)).sort();
    this.#index = 0;
    this.#begin = caret - begun.length - 1;
    this.#tail = text.slice(caret).replace(/^ /, '');
    return this.#candidates.length > 0;
  }
}
