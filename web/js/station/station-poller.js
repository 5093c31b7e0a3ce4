// The poller of the station: it requests /station.json again and again, and less often while requests fail.

import { now } from '../net/clock.js';
import { download } from '../net/download.js';
import { WakeableTimer } from '../net/wakeable-timer.js';
import { stationOf } from './station-info.js';

/** The time between an answer and the next request. */
const INTERVAL_SECONDS = 5;
const LONGEST_SECONDS = 60;
const TIMEOUT_SECONDS = 6;

/**
 * The time until the next request.
 * @param {number} failures the number of failures in a row
 * @param {number} random 0 to 1. It spreads the pages over time when a server comes back.
 */
export const pollDelaySeconds = (failures, random) =>
  Math.min(LONGEST_SECONDS, INTERVAL_SECONDS * 2 ** Math.max(0, failures - 1)) * (0.75 + 0.5 * random);

/**
 * Events: `station` (with `station`) when a new answer has come, `answer` after each answer, also where nothing is new,
 * `failure` (with `error` and `retryAt`, seconds of the monotonic clock) when a request has failed.
 */
export class StationPoller extends EventTarget {
  #address;
  #ready;
  #timer = new WakeableTimer();
  #isPaused = false;
  #etag = null;
  #failures = 0;
  #nextAt = -Infinity;

  /**
   * @param {() => string} address of the next request
   * @param {Promise<void>} [ready] resolves when the page can show an answer; the first request does not wait for that
   */
  constructor(address, ready = Promise.resolve()) {
    super();
    [this.#address, this.#ready] = [address, ready];
  }

  /** Never returns. The interval counts from the answer, so that a slow server receives fewer requests. */
  async run() {
    for (;;) {
      await this.poll();
      await this.#timer.until(this.#nextAt);
      while (this.#isPaused) await this.#timer.until(Infinity);
    }
  }

  /** Sends one request, and tells its result. */
  async poll() {
    try {
      const station = await this.#ask();
      await this.#ready;
      this.#failures = 0;
      if (station !== null) this.#tell('station', { station });
      this.#nextAt = now() + pollDelaySeconds(0, Math.random());
      this.#tell('answer');
    } catch (error) {
      await this.#ready;
      this.#nextAt = now() + pollDelaySeconds(++this.#failures, Math.random());
      this.#tell('failure', { error, retryAt: this.#nextAt });
    }
  }

  /** @returns {Promise<import('./station-info.js').Station?>} null where nothing is new */
  async #ask() {
    let etag = null;
    try {
      const value = await download(this.#address(), 'json', {
        timeoutSeconds: TIMEOUT_SECONDS, cache: 'no-store',
        headers: this.#etag === null ? {} : { 'If-None-Match': this.#etag },
        onHeaders: (headers) => { etag = headers.get('ETag'); },
      });
      const station = stationOf(value);
      // An answer that cannot be read is asked for again as a whole.
      this.#etag = etag;
      return station;
    } catch (error) {
      if (error.status === 304 && this.#etag !== null) return null;
      throw error;
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
