// The server's information about the stream, and the server's time.

import { now } from './clock.js';
import { download } from './download.js';
import { ServerClock } from './server-clock.js';

/** The time between two requests. It is short, so that a listener soon learns why there is no sound. */
const INTERVAL_SECONDS = 10;
const TIMEOUT_SECONDS = 6;

/** A cache may have kept an answer for this time. So the first requests follow each other fast: one answer is fresh. */
const CACHED_MS = 2000;
const FIRST_REQUESTS = 5;
const FIRST_INTERVAL_SECONDS = 1.3;

/**
 * Events: `change` when an answer has come, `clock` when that answer tells that the server's clock was set.
 */
export class StreamInfo extends EventTarget {
  /** @type {{notice: string?, bitrate: number, ringSize: number, source: string, version: string,
   *   room?: string, needsToken?: boolean}?} */
  latest = null;
  /** Whether to fetch the recording segment part by part, because a cache on the way sends only complete answers. */
  fetchesParts = false;

  #url;
  #headers;
  #clock = new ServerClock();
  #requestedAt = -Infinity;
  #cachedAnswers = 0;
  #closing = new AbortController();
  #settleFirstAnswer;
  /** Resolves when the first request has succeeded or failed. */
  firstAnswer = new Promise((resolve) => { this.#settleFirstAnswer = resolve; });

  /** @param {() => HeadersInit} headers of each request */
  constructor(url, headers) {
    super();
    this.#url = url;
    this.#headers = headers;
  }

  /**
   * The server's time, ms since 1970; null where it is unknown.
   * @param {number} [at] seconds of the local monotonic clock
   */
  serverTime(at = now()) {
    return this.#clock.at(at * 1000);
  }

  /** Ends the request under way. No other follows, and no event comes. */
  close() {
    this.#closing.abort();
  }

  /** Requests the information again if the last request is older than this. */
  async refresh(intervalSeconds = INTERVAL_SECONDS) {
    const isUnsure = this.#cachedAnswers > 0 && this.#cachedAnswers < FIRST_REQUESTS;
    const waitSeconds = isUnsure ? Math.min(FIRST_INTERVAL_SECONDS, intervalSeconds) : intervalSeconds;
    if (this.#closing.signal.aborted || now() - this.#requestedAt < waitSeconds) return;
    this.#requestedAt = now();
    try {
      let fields, sent, received;
      const latest = await download(this.#url, 'json', {
        timeoutSeconds: TIMEOUT_SECONDS, cache: 'no-store', headers: this.#headers(), signal: this.#closing.signal,
        onHeaders: (...details) => { [fields, sent, received] = details; },
      });
      if (this.#closing.signal.aborted) return;
      // RFC 9111 §4: a cache that answers "MUST generate an Age header field".
      const cachedMs = fields.has('Age') ? CACHED_MS : 0;
      if (cachedMs) this.#cachedAnswers++;
      this.fetchesParts = fields.get('Ringcast-Follow') === 'parts';
      const wasSet = this.#clock.add(sent, received, Date.parse(latest.now), cachedMs);
      this.latest = latest;
      this.dispatchEvent(new Event('change'));
      if (wasSet) this.dispatchEvent(new Event('clock'));
    } catch {
      // The loader reports what is wrong with the server. The next interval brings another request.
    } finally {
      this.#settleFirstAnswer();
    }
  }
}
