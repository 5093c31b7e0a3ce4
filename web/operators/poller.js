// Asks the server how it is, once a second while somebody looks.

import { Alarm, now } from '../js/net/alarm.js';
import { download } from '../js/net/download.js';

/** Seconds between two questions, and for an answer. */
const INTERVAL = 1;
const PATIENCE = 5;

/**
 * Events: `status`, with `status`, when an answer has come; `failure`, with `error`, when none has.
 */
export class Poller extends EventTarget {
  #ask;
  #alarm = new Alarm();
  #isPaused = false;

  /**
   * @param {string} url
   * @param {(url: string) => Promise<object>} ask
   */
  constructor(url, ask = (url) => download(url, 'json', { patience: PATIENCE, cache: 'no-store' })) {
    super();
    this.#ask = () => ask(url);
  }

  /** Asks for ever; the next time `interval` seconds after the answer, so that a slow server is not asked the more. */
  async run(interval = INTERVAL) {
    for (;;) {
      try {
        this.#tell('status', { status: await this.#ask() });
      } catch (error) {
        this.#tell('failure', { error });
        // No token comes by itself: whoever has one opens the page anew.
        if (error.status === 401) return;
      }
      await this.#alarm.until(now() + interval);
      while (this.#isPaused) await this.#alarm.until(Infinity);
    }
  }

  /** Asks no more until `resume`. */
  pause() {
    this.#isPaused = true;
  }

  /** Asks at once. */
  resume() {
    this.#isPaused = false;
    this.#alarm.ring();
  }

  #tell(type, properties) {
    this.dispatchEvent(Object.assign(new Event(type), properties));
  }
}
