// The store of takes in the browser's IndexedDB, so that a reload loses nothing. Where a browser has none, the store is in memory.

/**
 * @typedef {object} TakeFacts
 * @property {string} key
 * @property {string} type the media type of the recorder
 * @property {number} started ms since 1970
 * @property {number} seconds of sound
 * @property {string} name
 * @property {boolean} isEnded whether no more pieces come
 * @property {boolean} isWanted whether the person has sent the recording
 */

const NAME = 'ringcast-record';

const settled = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

const finished = (transaction) => new Promise((resolve, reject) => {
  transaction.oncomplete = () => resolve();
  transaction.onerror = transaction.onabort = () => reject(transaction.error);
});

class DatabaseStore {
  #database;

  constructor(database) { this.#database = database; }

  #open(mode, ...names) { return this.#database.transaction(names, mode); }

  async append(key, index, bytes) {
    const transaction = this.#open('readwrite', 'pieces');
    transaction.objectStore('pieces').put({ key, index, bytes });
    await finished(transaction);
  }

  async read(key, index) {
    return (await settled(this.#open('readonly', 'pieces').objectStore('pieces').get([key, index]))).bytes;
  }

  async update(facts) {
    const transaction = this.#open('readwrite', 'takes');
    transaction.objectStore('takes').put(facts);
    await finished(transaction);
  }

  async remove(key) {
    const transaction = this.#open('readwrite', 'takes', 'pieces');
    transaction.objectStore('takes').delete(key);
    transaction.objectStore('pieces').delete(IDBKeyRange.bound([key, 0], [key, Infinity]));
    await finished(transaction);
  }

  /** @returns {Promise<{facts: TakeFacts, sizes: number[]}[]>} */
  async all() {
    const transaction = this.#open('readonly', 'takes', 'pieces');
    const takes = await settled(transaction.objectStore('takes').getAll());
    const found = [];
    for (const facts of takes) {
      const range = IDBKeyRange.bound([facts.key, 0], [facts.key, Infinity]);
      const sizes = [];
      // One piece at a time: a long recording does not fit in memory.
      await new Promise((resolve, reject) => {
        const request = transaction.objectStore('pieces').openCursor(range);
        request.onerror = () => reject(request.error);
        request.onsuccess = () => {
          const cursor = request.result;
          if (!cursor || cursor.value.index !== sizes.length) return resolve();
          sizes.push(cursor.value.bytes.byteLength);
          cursor.continue();
        };
      });
      found.push({ facts, sizes });
    }
    return found;
  }
}

export class MemoryStore {
  #pieces = new Map();

  async append(key, index, bytes) { this.#pieces.set(`${key} ${index}`, bytes); }

  async read(key, index) { return this.#pieces.get(`${key} ${index}`); }

  async update() {}

  async remove() { this.#pieces.clear(); }

  async all() { return []; }
}

/** @returns {Promise<DatabaseStore | MemoryStore>} */
export async function openStore(factory = globalThis.indexedDB) {
  try {
    const request = factory.open(NAME, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore('takes', { keyPath: 'key' });
      request.result.createObjectStore('pieces', { keyPath: ['key', 'index'] });
    };
    return new DatabaseStore(await settled(request));
  } catch {
    // The browser forbids storage. A reload then loses what is not at the station.
    return new MemoryStore();
  }
}
