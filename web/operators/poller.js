// The poller: it requests the server's status once a second while the page is visible.

import { now } from '../js/net/clock.js';
import { download } from '../js/net/download.js';
import { WakeableTimer } from '../js/net/wakeable-timer.js';

/** The time between an answer and the next request. */
const INTERVAL_SECONDS = 1;
const TIMEOUT_SECONDS = 5;

/**
 * Events: `status` (with `status`) when an answer has come, `failure` (with `error`) when a request has failed.
 */
export class Poller extends EventTarget {
  #ask;
  #ready;
  #timer = new WakeableTimer();
  #isPaused = false;

  /**
   * @param {string} url
   * @param {Promise<void>} [ready] resolves when the page can show an answer; the first request does not wait for that
   * @param {(url: string) => Promise<object>} ask
   */
  constructor(
    url, ready = Promise.resolve(),
    ask = (url) => download(url, 'json', { timeoutSeconds: TIMEOUT_SECONDS, cache: 'no-store' })) {
    super();
    this.#ask = () => ask(url);
    this.#ready = ready;
  }

  /**
   * Sends requests without an end. The interval counts from the answer, so that a slow server receives fewer requests.
   * Returns where the server asks for a token.
   */
  async run(intervalSeconds = INTERVAL_SECONDS) {
    for (;;) {
      try {
        const status = await this.#ask();
        await this.#ready;
        this.#tell('status', { status });
      } catch (error) {
        await this.#ready;
        this.#tell('failure', { error });
        // A visitor with a token loads the page again.
        if (error.status === 401) return;
      }
      await this.#timer.until(now() + intervalSeconds);
      while (this.#isPaused) await this.#timer.until(Infinity);
    }
  }

  /** Sends no request until `resume`. */
  pause() {
    this.#isPaused = true;
  }

  /** Sends a request at once. */
  resume() {
    this.#isPaused = false;
    this.#timer.wake();
  }

  #tell(type, properties) {
    this.dispatchEvent(Object.assign(new Event(type), properties));
  }
}
