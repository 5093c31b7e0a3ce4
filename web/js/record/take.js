// A take: a recording in pieces, whose bytes can be read from any place while more of them come.

/** Events: `change`; `unkept` when the store has failed, so that a reload loses what comes from now on. */
export class Take extends EventTarget {
  /** Ends of the pieces, bytes from the beginning. @type {number[]} */
  #ends = [];
  #store;
  #kept = Promise.resolve();
  /** The pieces that the store did not take, by their number. @type {Map<number, ArrayBuffer>} */
  #unkept = new Map();
  /** Whether the store has everything. */
  isKept = true;

  /**
   * @param {import('./take-store.js').TakeFacts} facts
   * @param {{append: Function, read: Function, update: Function, remove: Function}} store
   * @param {number[]} [sizes] bytes of the pieces that the store has
   */
  constructor(facts, store, sizes = []) {
    super();
    this.facts = facts;
    this.#store = store;
    for (const size of sizes) this.#ends.push(this.size + size);
  }

  get key() { return this.facts.key; }

  /** Bytes. */
  get size() { return this.#ends.at(-1) ?? 0; }

  /** Whether no more bytes come, and the person wants the recording to be sent. */
  get isWanted() { return this.facts.isEnded && this.facts.isWanted; }

  /** Adds a piece. The calls are kept in order. @param {ArrayBuffer} bytes @param {number} seconds of the whole recording */
  append(bytes, seconds) {
    this.#kept = this.#kept.then(async () => {
      if (bytes.byteLength > 0) {
        await this.#keep(this.#ends.length, bytes);
        this.#ends.push(this.size + bytes.byteLength);
      }
      await this.update({ seconds });
    });
    return this.#kept;
  }

  /** Waits until everything that was appended is kept. */
  kept() { return this.#kept; }

  /** @param {Partial<import('./take-store.js').TakeFacts>} changes */
  async update(changes) {
    this.facts = { ...this.facts, ...changes };
    try {
      await this.#store.update(this.facts);
    } catch {
      this.#noteUnkept();
    }
    this.dispatchEvent(new Event('change'));
  }

  /** After one piece that the store does not take, the next ones stay in memory, too: the store has no gap. */
  async #keep(index, bytes) {
    if (this.#unkept.size === 0) {
      try {
        return await this.#store.append(this.key, index, bytes);
      } catch {
        this.#noteUnkept();
      }
    }
    this.#unkept.set(index, bytes);
  }

  #noteUnkept() {
    if (!this.isKept) return;
    this.isKept = false;
    this.dispatchEvent(new Event('unkept'));
  }

  /** Some bytes from a place on: the rest of the piece there, and whole pieces up to a limit. @returns {Promise<Blob>} */
  async read(offset, limit = Infinity) {
    const parts = [];
    let index = this.#ends.findIndex((end) => end > offset);
    let size = 0;
    for (; index >= 0 && index < this.#ends.length && size < limit; index += 1) {
      const begin = index === 0 ? 0 : this.#ends[index - 1];
      const piece = this.#unkept.get(index) ?? await this.#store.read(this.key, index);
      const part = piece.slice(Math.max(0, offset - begin));
      parts.push(part);
      size += part.byteLength;
    }
    return new Blob(parts, { type: this.facts.type });
  }

  async remove() {
    try {
      await this.#store.remove(this.key);
    } catch {
      // The next visit finds the take again, and the station knows whether it is whole.
    }
  }
}

/** A file of this device, with the same face as a take. */
export class FileTake extends EventTarget {
  #file;

  /** @param {File} file */
  constructor(file, key) {
    super();
    this.#file = file;
    this.facts = { key, name: file.name.replace(/\.[^.]*$/, ''), isEnded: true, isWanted: true, seconds: 0 };
  }

  get key() { return this.facts.key; }

  get size() { return this.#file.size; }

  get isWanted() { return true; }

  async read(offset, limit = Infinity) { return this.#file.slice(offset, Math.min(this.size, offset + limit)); }

  async update(changes) { this.facts = { ...this.facts, ...changes }; }

  async remove() {}
}

/** A random name of a take: 32 hexadecimal digits. */
export const newKey = () =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
