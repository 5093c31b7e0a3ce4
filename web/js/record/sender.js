// The sender: brings a take to the station, each byte once, over a line that may break at any time.

/** Bytes of one request. */
const MOST = 1 << 18;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 8000;
/** A request that moves nothing for this long is given up, ms. */
const PATIENCE_MS = 60_000;

/** Answers after which another try would fail in the same way. 410: the station has finished the take without its end. */
const FINAL = new Set([400, 401, 403, 405, 410, 413, 415, 507]);

/**
 * Events: `progress` when `offset` or `isWaiting` has changed; `done` (with `answer`) when the station has the take whole;
 * `refused` (with `status`) when the station does not want it.
 */
export class Sender extends EventTarget {
  /** Bytes that are at the station; null before the station has said so. @type {number?} */
  offset = null;
  /** Whether the line is bad. */
  isWaiting = false;
  /** Whether `run` has ended: nothing goes to the station any more. */
  isOver = false;

  #take;
  #url;
  #headers;
  #fetch;
  #pause;
  #wake = () => {};
  #isStopped = false;
  #controller = new AbortController();
  #tries = 0;

  /**
   * @param {import('./take.js').Take} take
   * @param {object} options
   * @param {string} options.url of the take at the station
   * @param {Record<string, string>} [options.headers] of each request
   * @param {typeof fetch} [options.fetch]
   * @param {(ms: number) => Promise<void>} [options.pause]
   */
  constructor(take, { url, headers = {}, fetch: fetcher, pause }) {
    super();
    this.#take = take;
    this.#url = url;
    this.#headers = headers;
    this.#fetch = fetcher ?? ((...request) => fetch(...request));
    this.#pause = pause ?? ((ms) => new Promise((resolve) => {
      setTimeout(resolve, ms);
      globalThis.addEventListener?.('online', () => resolve(), { once: true });
    }));
    take.addEventListener('change', () => this.#wake());
  }

  /** Sends until the take is whole at the station, or refused. */
  async run() {
    await this.#steps();
    this.isOver = true;
  }

  async #steps() {
    while (!this.#isStopped) {
      try {
        const asks = this.offset === null;
        if (await this.#step()) return;
        // An answer alone moves nothing: a station that takes no bytes is asked ever more seldom.
        if (!asks) this.#tries = 0;
        this.#setWaiting(false);
      } catch (error) {
        if (this.#isStopped) return;
        if (error instanceof Refused && FINAL.has(error.status)) {
          this.isOver = true;
          this.dispatchEvent(Object.assign(new Event('refused'), { status: error.status }));
          return;
        }
        // The server may have taken some of the bytes.
        this.offset = null;
        this.#setWaiting(true);
        await this.#pause(Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.#tries));
        this.#tries += 1;
      }
    }
  }

  stop() {
    this.#isStopped = true;
    this.#controller.abort();
    this.#wake();
  }

  /** Drops at the station what has come. */
  async drop() {
    this.stop();
    try {
      await this.#fetch(this.#url, { method: 'DELETE', headers: this.#headers });
    } catch {
      // The station drops it by itself after an hour, or keeps it for the operators.
    }
  }

  /** @returns {Promise<boolean>} whether all is done */
  async #step() {
    if (this.offset === null) return this.#ask();
    if (this.offset < this.#take.size) return this.#put();
    if (this.#take.isWanted) return this.#finish();
    await new Promise((resolve) => {
      this.#wake = resolve;
      if (this.#isStopped || this.offset < this.#take.size || this.#take.isWanted) resolve();
    });
    return false;
  }

  async #ask() {
    const answer = await this.#request('', { method: 'GET' }, [404]);
    if (answer.status === 404) {
      this.#setOffset(0);
      return false;
    }
    const { offset, complete, sent, ...rest } = await answer.json();
    if (complete && sent === false && offset < this.#take.size) {
      // The station has closed a sound that nobody went on with. Everything goes there again, from the beginning.
      await this.#request('', { method: 'DELETE' });
      throw new Error('the station drops the beginning of the sound');
    }
    if (!complete || sent === false) {
      this.#setOffset(offset);
      return false;
    }
    if (offset < this.#take.size || !this.#take.isWanted) throw new Refused(410);
    return this.#done({ ...rest, offset });
  }

  async #put() {
    const before = this.offset;
    const body = await this.#take.read(before, MOST);
    const answer = await this.#request(`?offset=${before}`, { method: 'PUT', body }, [409]);
    const { offset } = await answer.json();
    // The station knows the number, and takes no bytes all the same. Its answer to a question tells the reason.
    if (!Number.isInteger(offset) || offset === before) throw new Error(`the station stays at byte ${before}`);
    this.#setOffset(offset);
    return false;
  }

  async #finish() {
    const answer = await this.#request('', {
      method: 'POST', body: JSON.stringify({ name: this.#take.facts.name }),
      headers: { 'Content-Type': 'application/json' },
    });
    return this.#done(await answer.json());
  }

  #done(answer) {
    this.dispatchEvent(Object.assign(new Event('done'), { answer }));
    return true;
  }

  async #request(query, { headers = {}, ...options }, expected = []) {
    const signal = AbortSignal.any?.([this.#controller.signal, AbortSignal.timeout(PATIENCE_MS)]) ?? this.#controller.signal;
    const answer = await this.#fetch(this.#url + query, {
      ...options, headers: { ...this.#headers, ...headers }, cache: 'no-store', signal });
    if (!answer.ok && !expected.includes(answer.status)) throw new Refused(answer.status);
    return answer;
  }

  #setOffset(offset) {
    this.offset = offset;
    this.dispatchEvent(new Event('progress'));
  }

  #setWaiting(isWaiting) {
    if (isWaiting === this.isWaiting) return;
    this.isWaiting = isWaiting;
    this.dispatchEvent(new Event('progress'));
  }
}

class Refused extends Error {
  constructor(status) {
    super(`status ${status}`);
    this.status = status;
  }
}
