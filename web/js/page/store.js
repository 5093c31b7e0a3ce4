// The store: it keeps a snapshot of the page's state and announces changes.

/**
 * The table names for each key a function that gets its value, and the events after which the value may have changed.
 * @typedef {Record<string, {get: () => unknown, events: [EventTarget, string][]}>} Table
 *
 * Events: `change` (with `snapshot`), once for all changes in one turn of the event loop.
 */
export class Store extends EventTarget {
  /** The latest snapshot. It is frozen, and each change makes a new one. */
  snapshot;

  #table;
  #dirty = new Set();

  /** @param {Table} table */
  constructor(table) {
    super();
    this.#table = table;
    this.snapshot = this.#read(Object.keys(table), {});
    for (const [key, { events }] of Object.entries(table)) {
      for (const [target, type] of events) target.addEventListener(type, () => this.#mark(key));
    }
  }

  /** A snapshot of this moment. */
  read() {
    return this.#read(Object.keys(this.#table), {});
  }

  #mark(key) {
    if (this.#dirty.size === 0) queueMicrotask(() => this.#flush());
    this.#dirty.add(key);
  }

  #flush() {
    const keys = [...this.#dirty];
    this.#dirty.clear();
    const snapshot = this.#read(keys, this.snapshot);
    if (keys.every((key) => Object.is(snapshot[key], this.snapshot[key]))) return;
    this.snapshot = snapshot;
    this.dispatchEvent(Object.assign(new Event('change'), { snapshot }));
  }

  #read(keys, base) {
    return Object.freeze({ ...base, ...Object.fromEntries(keys.map((key) => [key, this.#table[key].get()])) });
  }
}
