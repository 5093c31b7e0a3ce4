// The requests of the studio. The secret goes with each in a header field, and never in an address.

const TIMEOUT_MS = 6000;

/** The secrets with which a person enters. @typedef {{token?: string, invite?: string}} Secrets */

/** @param {Secrets} secrets @returns {Record<string, string>} */
export const headersOf = ({ token, invite }) => ({
  ...(token && { Authorization: `Bearer ${token}` }), ...(!token && invite && { 'Ringcast-Invite': invite }),
});

export class StudioRequests {
  #addresses;
  #headers;
  #fetch;

  /**
   * @param {ReturnType<import('./addresses.js').stationAddresses>} addresses
   * @param {Secrets} secrets
   * @param {typeof fetch} request
   */
  constructor(addresses, secrets, request = (...options) => fetch(...options)) {
    this.#addresses = addresses;
    this.#headers = headersOf(secrets);
    this.#fetch = request;
  }

  /**
   * The streams of the person.
   * @returns {Promise<import('./streams.js').StudioStream[]>}
   * @throws {Refusal}
   */
  async streams() {
    return (await this.#get(this.#addresses.streams)).streams;
  }

  /** The listeners of a stream now; null where only operators learn the number. @throws {Refusal} */
  async listeners(stream) {
    const described = (await this.streams()).find(({ name }) => name === stream);
    if (Number.isInteger(described?.listeners)) return described.listeners;
    if (this.#headers.Authorization === undefined) return null;
    const { streams } = await this.#get(this.#addresses.status);
    return streams.find(({ name }) => name === stream)?.listeners.now ?? null;
  }

  /** Sets the title now playing. @param {string} address of the title @param {string} title @throws {Refusal} */
  async setTitle(address, title) {
    await this.#exchange(address, {
      method: 'PUT', body: JSON.stringify(title === '' ? {} : { title }),
      headers: { ...this.#headers, 'Content-Type': 'application/json' },
    });
  }

  async #get(url) {
    return (await this.#exchange(url, { headers: this.#headers })).json();
  }

  async #exchange(url, options) {
    let response;
    try {
      response = await this.#fetch(url, { ...options, cache: 'no-store', signal: AbortSignal.timeout(TIMEOUT_MS) });
    } catch {
      throw new Refusal('unreachable');
    }
    if (response.ok) return response;
    throw new Refusal([401, 403].includes(response.status) ? 'secret' : 'absent');
  }
}

/** @typedef {'unreachable' | 'secret' | 'absent'} RefusalKind `absent`: the station has no studio. */
export class Refusal extends Error {
  /** @type {RefusalKind} */
  kind;

  constructor(kind) {
    super(kind);
    this.kind = kind;
  }
}
