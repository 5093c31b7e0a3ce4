// Asks the server how it is, once a second while somebody looks.

import { now } from '../js/net/clock.js';
import { WakeableTimer } from '../js/net/wakeable-timer.js';
import { download } from '../js/net/download.js';

/** Seconds between two questions, and for an answer. */
const INTERVAL_SECONDS = 1;
const TIMEOUT_SECONDS = 5;

/**
 * Events: `status`, with `status`, when an answer has come; `failure`, with `error`, when none has.
 */
export class Poller extends EventTarget {
  #ask;
  #timer = new WakeableTimer();
  #isPaused = false;

  /**
   * @param {string} url
   * @param {(url: string) => Promise<object>} ask
   */
  constructor(url, ask = (url) => download(url, 'json', { timeoutSeconds: TIMEOUT_SECONDS, cache: 'no-store' })) {
    super();
    this.#ask = () => ask(url);
  }

  /** Asks for ever; the next time `intervalSeconds` after the answer, so that a slow server is not asked the more. */
  async run(intervalSeconds = INTERVAL_SECONDS) {
    for (;;) {
      try {
        this.#tell('status', { status: await this.#ask() });
      } catch (error) {
        this.#tell('failure', { error });
        // No token comes by itself: whoever has one opens the page anew.
        if (error.status === 401) return;
      }
      await this.#timer.until(now() + intervalSeconds);
      while (this.#isPaused) await this.#timer.until(Infinity);
    }
  }

  /** Asks no more until `resume`. */
  pause() {
    this.#isPaused = true;
  }

  /** Asks at once. */
  resume() {
    this.#isPaused = false;
    this.#timer.wake();
  }

  #tell(type, properties) {
    this.dispatchEvent(Object.assign(new Event(type), properties));
  }
}
