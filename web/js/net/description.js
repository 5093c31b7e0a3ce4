// What the server says about the stream, and what time it says it is.

import { now } from './alarm.js';
import { download } from './download.js';
import { ServerClock } from './server-clock.js';

/** Seconds between two questions, so that a listener is told soon why there is no sound, and for an answer. */
const INTERVAL = 10;
const PATIENCE = 6;

/** A cache may have kept an answer for so long, ms. It is best asked a few times at first: one answer will be fresh. */
const STORED = 2000;
const FIRST_QUESTIONS = 5;
const FIRST_INTERVAL = 1.3;

/**
 * Events: `change`, when an answer has come; `clock`, when by that answer the server's clock was set.
 */
export class Description extends EventTarget {
  /** @type {{notice: string?, bitrate: number, ringSize: number, source: string, version: string}?} */
  facts = null;
  /** Whether what is being recorded is to be fetched part by part: a cache on the way can't hand it on as it grows. */
  takesParts = false;

  #url;
  #headers;
  #clock = new ServerClock();
  #askedAt = -Infinity;
  #storedAnswers = 0;
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
    const isUnsure = this.#storedAnswers > 0 && this.#storedAnswers < FIRST_QUESTIONS;
    if (now() - this.#askedAt < (isUnsure ? Math.min(FIRST_INTERVAL, interval) : interval)) return;
    this.#askedAt = now();
    try {
      const sent = performance.now();
      let fields;
      const facts = await download(this.#url, 'json', {
        patience: PATIENCE, cache: 'no-store', headers: this.#headers(), onHead: (head) => { fields = head; },
      });
      // RFC 9111 §4: a cache that answers "MUST generate an Age header field".
      const stored = fields.has('Age') ? STORED : 0;
      if (stored) this.#storedAnswers++;
      this.takesParts = fields.get('Ringcast-Follow') === 'parts';
      const wasSet = this.#clock.add(sent, performance.now(), Date.parse(facts.now), stored);
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
