// The feed of the list of rooms: an event stream, or a request now and then where a network cuts event streams.

const RETRY_MS = 5000;

/**
 * Events: `rooms` (with `rooms`) when the list has changed, `failure` when the server does not answer.
 */
export class ListFeed extends EventTarget {
  #base;

  /** @param {string} base the URL of the list's page */
  constructor(base) {
    super();
    this.#base = base;
  }

  start() {
    this.#request();
    const events = new EventSource(new URL('list.events', this.#base));
    events.onmessage = ({ data }) => this.#tell(JSON.parse(data));
    events.onerror = () => {
      // The browser connects again by itself, except after a refusal.
      if (events.readyState === EventSource.CLOSED) setTimeout(() => this.start(), RETRY_MS);
      else this.#request();
    };
  }

  async #request() {
    try {
      const response = await fetch(new URL('list.json', this.#base), { cache: 'no-store' });
      if (!response.ok) throw new Error(`status ${response.status}`);
      this.#tell(await response.json());
    } catch {
      this.dispatchEvent(new Event('failure'));
    }
  }

  #tell({ rooms }) {
    this.dispatchEvent(Object.assign(new Event('rooms'), { rooms }));
  }
}
