// The download loop: the playlist, then segments, one after the other, for ever.

import { now } from './clock.js';
import { WakeableTimer } from './wakeable-timer.js';
import { HTTPError, download, stream } from './download.js';
import { parsePlaylist, partsOf, withEveryFrame, withPart } from '../hls/playlist.js';
import { retryDelaySeconds } from './retry.js';

/** Seconds for a playlist, and without a byte of a segment. */
const TIMEOUT_SECONDS = 6;

/** Less than this a timer is late now and then, s. */
const TIMER_SLACK_SECONDS = 0.05;

/**
 * Knows what was asked for and what came, not what it means: that is its `client`'s to say.
 *
 * @typedef {object} Client
 * @property {(playlist, loadedAt: number) => Promise<void>} onPlaylist a playlist has come, whose load began at `loadedAt`
 * @property {() => import('../hls/playlist.js').Entry?} segmentToFetch the segment to fetch now
 * @property {(headers: Headers) => void} onHeaders what comes before a segment's bytes
 * @property {(entry) => {push: (bytes: Uint8Array) => Promise<void>, finish: () => Promise<void>}} taker of what comes
 *   of it; throws where that is no good
 * @property {(entry) => void} onMissing the server has no such segment, or what it has is none
 * @property {() => number} reloadAt when to load the playlist again
 * @property {() => HeadersInit} headers that go with each request
 * @property {() => boolean} fetchesParts whether what grows is to be fetched part by part
 * @property {() => boolean} wantsEveryFrame whether otherwise each frame of it is wanted at once, not a few together
 *
 * @typedef {{phase: 'connecting' | 'loaded' | 'retrying', error?: Error, retryAt?: number}} LoaderStatus
 * @typedef {{push: (bytes: Uint8Array) => Promise<void>, finish: () => Promise<void>}} Sink
 *
 * Events: `status`, when `status` has changed.
 */
export class Loader extends EventTarget {
  /** @type {LoaderStatus} */
  status = { phase: 'connecting' };

  #url;
  #client;
  #timer = new WakeableTimer();
  #fetching = null;
  #isLoading = false;
  #due = -Infinity;
  #failures = 0;

  constructor(url, client) {
    super();
    this.#url = url;
    this.#client = client;
  }

  /** Never returns: a live stream may always come back. */
  async run() {
    for (;;) {
      try {
        await this.#load();
        await this.#fetchUntilDue();
        this.#failures = 0;
      } catch (error) {
        this.#due = -Infinity;
        const retryAt = now() + retryDelaySeconds(++this.#failures, Math.random());
        this.#report({ phase: 'retrying', error, retryAt });
        await this.#timer.until(retryAt);
      }
    }
  }

  /** Looks at the clock: to be called from whatever still happens in a hidden page. */
  check() {
    this.#timer.check();
    // A segment that grows is not to be interrupted by a look at the playlist; and what becomes of that is no matter.
    if (this.#fetching && now() >= this.#client.reloadAt()) this.#load().catch(() => {});
  }

  /** A wait may be over for another reason. */
  wake() {
    this.#timer.wake();
  }

  /** Something else is wanted than what is under way. */
  interrupt() {
    this.#fetching?.abort();
    this.#timer.wake();
  }

  async #load() {
    if (this.#isLoading) return;
    this.#isLoading = true;
    // Counted from when it was due: what the timers are late must not add up, or the loads fall out of step.
    const loadedAt = now() - this.#due < TIMER_SLACK_SECONDS ? this.#due : now();
    try {
      const text = await download(this.#url, 'text', { timeoutSeconds: TIMEOUT_SECONDS, cache: 'no-cache', headers: this.#client.headers() });
      await this.#client.onPlaylist(parsePlaylist(text, this.#url), loadedAt);
      this.#report({ phase: 'loaded' });
    } finally {
      this.#isLoading = false;
    }
  }

  /** Fetches what is wanted, until there is nothing and it is time to load the playlist again. */
  async #fetchUntilDue() {
    do {
      for (let entry; (entry = this.#client.segmentToFetch());) await this.#fetch(entry);
      this.#due = this.#client.reloadAt();
      await this.#timer.until(this.#due);
      this.#due = this.#client.reloadAt();
    } while (now() < this.#due);
  }

  async #fetch(entry) {
    const controller = this.#fetching = new AbortController();
    const { signal } = controller;
    try {
      const sink = this.#client.sink(entry);
      const onBytes = async (bytes) => { if (!signal.aborted) await sink.push(bytes); };
      const options = { timeoutSeconds: TIMEOUT_SECONDS, signal, headers: this.#client.headers(), onHeaders: this.#client.onHeaders, onBytes };
      if (entry.isGrowing && this.#client.fetchesParts()) await this.#streamParts(entry.sequence, options);
      else await stream(entry.isGrowing && this.#client.wantsEveryFrame() ? withEveryFrame(entry.url) : entry.url, options);
      if (!signal.aborted) await sink.finish();
      this.#failures = 0;
    } catch (error) {
      if (signal.aborted) return;
      const gone = error instanceof HTTPError && [404, 410].includes(error.status);
      if (gone || error instanceof SyntaxError) this.#client.onMissing(entry);
      // What is not given before it is complete is no failure.
      if (!gone || !entry.isGrowing) throw error;
    } finally {
      if (this.#fetching === controller) this.#fetching = null;
    }
  }

  /** The segment that grows, a part as soon as it is listed. */
  async #streamParts(sequence, options) {
    for (let count = 0, isComplete = false; !isComplete;) {
      const text = await download(withPart(this.#url, sequence, count), 'text', { ...options, cache: 'default' });
      const parts = partsOf(sequence, text, this.#url);
      ({ isComplete } = parts);
      // The parts of an old segment are listed no more, and one that never comes has none: a new playlist knows more.
      const minimum = Math.max(1, isComplete ? count : count + 1);
      if (parts.urls.length < minimum) throw new Error(`segment ${sequence} has no part ${count}`);
      for (; count < parts.urls.length; count++) await stream(parts.urls[count], options);
    }
  }

  #report(status) {
    this.status = status;
    this.dispatchEvent(new Event('status'));
  }
}
