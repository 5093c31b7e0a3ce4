// What the server says about the stream, and what time it says it is.

import { now } from './alarm.js';
import { download } from './download.js';
import { ServerClock } from './server-clock.js';

/** Seconds between two questions, so that a listener is told soon why there is no sound, and for an answer. */
const INTERVAL = 10;
const PATIENCE = 6;

/**
 * Events: `change`, when an answer has come; `clock`, when by that answer the server's clock was set.
 */
export class Description extends EventTarget {
  /** @type {{notice: string?, bitrate: number, ringSize: number, source: string, version: string}?} */
  facts = null;

  #url;
  #headers;
  #clock = new ServerClock();
  #askedAt = -Infinity;
  #settle;
  /** Resolves when the first question has been answered, or has failed. */
  firstAnswer = new Promise((resolve) => { this.#settle = resolve; });

  /** @param {() => HeadersInit} headers that go with each question */
  constructor(url, headers) {
    super();
    this.#url = url;
    this.#headers = headers;
  }

  /** The server's time at the local moment `at`, ms since 1970; null where it is not known. */
  serverTime(at = now()) {
    return this.#clock.at(at * 1000);
  }

  /** Asks again if the last answer is old. */
  async refresh(interval = INTERVAL) {
    if (now() - this.#askedAt < interval) return;
    this.#askedAt = now();
    try {
      const sent = performance.now();
      const facts = await download(this.#url, 'json', { patience: PATIENCE, cache: 'no-store', headers: this.#headers() });
      const wasSet = this.#clock.add(sent, performance.now(), Date.parse(facts.now));
      this.facts = facts;
      this.dispatchEvent(new Event('change'));
      if (wasSet) this.dispatchEvent(new Event('clock'));
    } catch {
      // The loader says what is wrong with the server; it is asked again with the next interval.
    } finally {
      this.#settle();
    }
  }
}
