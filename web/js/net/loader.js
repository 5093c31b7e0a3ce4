// The download loop: it loads the playlist, then one segment after the other, until it is closed.

import { parsePlaylist, partsOf, withEveryFrame, withPart } from '../hls/playlist.js';
import { now } from './clock.js';
import { ConnectionSpeed } from './connection-speed.js';
import { HTTPError, download, stream } from './download.js';
import { retryDelaySeconds } from './retry.js';
import { WakeableTimer } from './wakeable-timer.js';

/** For a playlist as a whole, and between two deliveries of a segment. */
const TIMEOUT_SECONDS = 6;

/** A timer that is late by less than this is normal. */
const TIMER_SLACK_SECONDS = 0.05;

/**
 * The loader knows which requests it sent and which answers came. Its client knows what they mean.
 *
 * @typedef {object} Client
 * @property {(playlist, loadedAt: number) => Promise<void>} onPlaylist receives a playlist, and the time when its load
 *   began
 * @property {() => import('../hls/playlist.js').Entry?} segmentToFetch the segment to fetch now; null for none
 * @property {(headers: Headers) => void} onHeaders receives the header fields of a segment
 * @property {(entry) => Sink} sink makes the receiver of a segment's bytes
 * @property {(entry) => void} onMissing receives a segment that the server doesn't have, or that is no segment of MP3
 * @property {() => number} reloadAt when to load the playlist again, seconds of the monotonic clock
 * @property {() => HeadersInit} headers of each request
 * @property {() => boolean} fetchesParts whether to fetch the recording segment part by part
 * @property {() => boolean} wantsEveryFrame whether the server should send each frame of the recording segment at once
 *
 * @typedef {{phase: 'connecting' | 'loaded' | 'retrying', error?: Error, retryAt?: number}} LoaderStatus
 * @typedef {{push: (bytes: Uint8Array) => Promise<void>, finish: () => Promise<void>}} Sink both throw a SyntaxError
 *   where the bytes are no segment
 *
 * Events: `status` when `status` has changed.
 */
export class Loader extends EventTarget {
  /** @type {LoaderStatus} */
  status = { phase: 'connecting' };
  speed = new ConnectionSpeed();

  #url;
  #client;
  #timer = new WakeableTimer();
  #fetching = null;
  #isLoading = false;
  #closing = new AbortController();
  #due = -Infinity;
  #failures = 0;

  constructor(url, client) {
    super();
    this.#url = url;
    this.#client = client;
  }

  /** Returns only after `close`, because a live stream may always come back. */
  async run() {
    while (!this.#isClosed) {
      try {
        await this.#load();
        await this.#fetchUntilDue();
        this.#failures = 0;
      } catch (error) {
        if (this.#isClosed) return;
        this.#due = -Infinity;
        const retryAt = now() + retryDelaySeconds(++this.#failures, Math.random());
        this.#report({ phase: 'retrying', error, retryAt });
        await this.#timer.until(retryAt);
      }
    }
  }

  /** Ends every download and every wait, for good. */
  close() {
    this.#closing.abort();
    this.interrupt();
  }

  get #isClosed() {
    return this.#closing.signal.aborted;
  }

  /** Does what is due. Any event may call this, because a hidden page's timers are slow. */
  check() {
    if (this.#isClosed) return;
    this.#timer.check();
    // The playlist is loaded beside a recording segment. A failure of that load is of no importance: the segment comes.
    if (this.#fetching && now() >= this.#client.reloadAt()) this.#load().catch(() => {});
  }

  /** Ends a wait, because the conditions have changed. */
  wake() {
    this.#timer.wake();
  }

  /** Ends the download under way and any wait, because another download is wanted. */
  interrupt() {
    this.#fetching?.abort();
    this.#timer.wake();
  }

  async #load() {
    if (this.#isLoading) return;
    this.#isLoading = true;
    // The time counts from the due time, so that late timers don't shift all loads after them.
    const loadedAt = now() - this.#due < TIMER_SLACK_SECONDS ? this.#due : now();
    try {
      const headers = this.#client.headers();
      const { signal } = this.#closing;
      const options = { timeoutSeconds: TIMEOUT_SECONDS, cache: 'no-cache', headers, signal };
      const text = await download(this.#url, 'text', options);
      if (signal.aborted) return;
      await this.#client.onPlaylist(parsePlaylist(text, this.#url), loadedAt);
      this.#report({ phase: 'loaded' });
    } finally {
      this.#isLoading = false;
    }
  }

  /** Fetches segments until none is left to fetch and the playlist is due again. */
  async #fetchUntilDue() {
    do {
      for (let entry; !this.#isClosed && (entry = this.#client.segmentToFetch());) await this.#fetch(entry);
      if (this.#isClosed) return;
      this.#due = this.#client.reloadAt();
      await this.#timer.until(this.#due);
      this.#due = this.#client.reloadAt();
    } while (!this.#isClosed && now() < this.#due);
  }

  async #fetch(entry) {
    const controller = this.#fetching = new AbortController();
    const { signal } = controller;
    try {
      const sink = this.#client.sink(entry);
      const onBytes = async (bytes) => {
        this.speed.received(bytes.length, now());
        if (!signal.aborted) await sink.push(bytes);
      };
      const { onHeaders } = this.#client;
      const options = { timeoutSeconds: TIMEOUT_SECONDS, signal, headers: this.#client.headers(), onHeaders, onBytes };
      if (entry.isRecording && this.#client.fetchesParts()) await this.#streamParts(entry.sequence, options);
      else await stream(this.#urlOf(entry), options);
      if (!signal.aborted) await sink.finish();
      this.#failures = 0;
    } catch (error) {
      if (signal.aborted) return;
      const gone = error instanceof HTTPError && [404, 410].includes(error.status);
      if (gone || error instanceof SyntaxError) this.#client.onMissing(entry);
      // A server that refuses a recording segment has not failed.
      if (!gone || !entry.isRecording) throw error;
    } finally {
      if (this.#fetching === controller) this.#fetching = null;
    }
  }

  #urlOf({ url, isRecording }) {
    return isRecording && this.#client.wantsEveryFrame() ? withEveryFrame(url) : url;
  }

  /** Fetches the recording segment, each part as soon as it is listed. */
  async #streamParts(sequence, options) {
    for (let count = 0, isComplete = false; !isComplete;) {
      const text = await download(withPart(this.#url, sequence, count), 'text', { ...options, cache: 'default' });
      const parts = partsOf(sequence, text, this.#url);
      ({ isComplete } = parts);
      // A server lists no parts of an old segment, nor of a segment that never comes. A new playlist tells which it is.
      const minimum = Math.max(1, isComplete ? count : count + 1);
      if (parts.urls.length < minimum) throw new Error(`segment ${sequence} has no part ${count}`);
      for (; count < parts.urls.length; count++) await stream(parts.urls[count], options);
    }
  }

  #report(status) {
    if (this.#isClosed) return;
    this.status = status;
    this.dispatchEvent(new Event('status'));
  }
}
