// What the server says about the stream, and what time it says it is.

import { now } from './clock.js';
import { download } from './download.js';
import { ServerClock } from './server-clock.js';

/** Seconds between two questions, so that a listener is told soon why there is no sound, and for an answer. */
const INTERVAL_SECONDS = 10;
const TIMEOUT_SECONDS = 6;

/** A cache may have kept an answer for so long, ms. It is best asked a few times at first: one answer will be fresh. */
const CACHED_MS = 2000;
const FIRST_REQUESTS = 5;
const FIRST_INTERVAL_SECONDS = 1.3;

/**
 * Events: `change`, when an answer has come; `clock`, when by that answer the server's clock was set.
 */
export class StreamInfo extends EventTarget {
  /** @type {{notice: string?, bitrate: number, ringSize: number, source: string, version: string}?} */
  latest = null;
  /** Whether what is being recorded is to be fetched part by part: a cache on the way can't hand it on as it grows. */
  fetchesParts = false;

  #url;
  #headers;
  #clock = new ServerClock();
  #requestedAt = -Infinity;
  #cachedAnswers = 0;
  #settleFirstAnswer;
  /** Resolves when the first question has been answered, or has failed. */
  firstAnswer = new Promise((resolve) => { this.#settleFirstAnswer = resolve; });

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
  async refresh(intervalSeconds = INTERVAL_SECONDS) {
    const isUnsure = this.#cachedAnswers > 0 && this.#cachedAnswers < FIRST_REQUESTS;
    if (now() - this.#requestedAt < (isUnsure ? Math.min(FIRST_INTERVAL_SECONDS, intervalSeconds) : intervalSeconds)) return;
    this.#requestedAt = now();
    try {
      const sent = performance.now();
      let fields;
      const latest = await download(this.#url, 'json', {
        timeoutSeconds: TIMEOUT_SECONDS, cache: 'no-store', headers: this.#headers(), onHeaders: (head) => { fields = head; },
      });
      // RFC 9111 §4: a cache that answers "MUST generate an Age header field".
      const cachedMs = fields.has('Age') ? CACHED_MS : 0;
      if (cachedMs) this.#cachedAnswers++;
      this.fetchesParts = fields.get('Ringcast-Follow') === 'parts';
      const wasSet = this.#clock.add(sent, performance.now(), Date.parse(latest.now), cachedMs);
      this.latest = latest;
      this.dispatchEvent(new Event('change'));
      if (wasSet) this.dispatchEvent(new Event('clock'));
    } catch {
      // The loader says what is wrong with the server; it is asked again with the next interval.
    } finally {
      this.#settleFirstAnswer();
    }
  }
}
