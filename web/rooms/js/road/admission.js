// The secrets that let a page into a room. They stay in the tab: not in its address, and not in its history.

/**
 * @param {URL} address of the room's page
 * @returns {{invite: string?, token: string?, cleanAddress: string}} `cleanAddress` is the address without the secrets
 */
export function secretsIn(address) {
  const url = new URL(address);
  const [invite, token] = ['invite', 'token'].map((name) => {
    const value = url.searchParams.get(name);
    url.searchParams.delete(name);
    return value;
  });
  return { invite, token, cleanAddress: url.href };
}

/**
 * The facts that the tab keeps about a room, also while the page is loaded again.
 * @typedef {{session?: string, name?: string, invite?: string, token?: string, lastSeen?: number}} Kept
 */
export class TabMemory {
  /** @type {Kept} */
  kept;
  #key;
  #storage;

  /** @param {string} room its name @param {() => Storage} storage throws where the browser forbids storage */
  constructor(room, storage = () => sessionStorage) {
    this.#key = `ringcast.room.${room}`;
    this.#storage = storage;
    this.kept = this.#read();
  }

  /** @param {Kept} changes a value of null forgets */
  keep(changes) {
    const entries = Object.entries({ ...this.kept, ...changes }).filter(([, value]) => value !== null);
    this.kept = Object.fromEntries(entries);
    try {
      this.#storage().setItem(this.#key, JSON.stringify(this.kept));
    } catch {
      // The storage is forbidden or full. The values last as long as the page.
    }
  }

  #read() {
    try {
      return JSON.parse(this.#storage().getItem(this.#key)) ?? {};
    } catch {
      return {};
    }
  }
}
