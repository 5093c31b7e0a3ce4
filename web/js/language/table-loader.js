// The loader of the tables: the latest choice counts, and the page keeps its language where a table does not come.

export class TableLoader {
  #load;
  #show;
  #keep;
  /** The latest choice. */
  #wanted = null;

  /**
   * @param {(code: string) => Promise<object>} load a table
   * @param {(code: string, table: object) => void} show gets the table of the latest choice
   * @param {() => void} keep the table of the latest choice does not come, so that the page keeps its language
   */
  constructor(load, show, keep) {
    [this.#load, this.#show, this.#keep] = [load, show, keep];
  }

  /**
   * @param {string} code a key of LANGUAGES
   * @returns {Promise<boolean>} whether the page speaks this language now
   */
  async choose(code) {
    this.#wanted = code;
    let table;
    try {
      table = await this.#load(code);
    } catch {
      // A table that fails does not end the wait for the one that was chosen after it.
      if (code === this.#wanted) this.#keep();
      return false;
    }
    // A table that comes late does not replace the one that was chosen after it.
    if (code !== this.#wanted) return false;
    this.#show(code, table);
    return true;
  }
}
