// The download loop: the playlist, then segments, one after the other, for ever.

import { Alarm, now } from './alarm.js';
import { HTTPError, download, stream } from './download.js';
import { parsePlaylist, partsOf, promptly, withPart } from '../hls/playlist.js';
import { retryDelay } from './reload.js';

/** Seconds for a playlist, and without a byte of a segment. */
const PATIENCE = 6;

/** Less than this a timer is late now and then, s. */
const TIMER_SLACK = 0.05;

/**
 * Knows what was asked for and what came, not what it means: that is its `client`'s to say.
 *
 * @typedef {object} Client
 * @property {(playlist, loadedAt: number) => Promise<void>} loaded a playlist has come, whose load began at `loadedAt`
 * @property {() => import('../hls/playlist.js').Entry?} wanted the segment to fetch now
 * @property {(headers: Headers) => void} told what comes before a segment's bytes
 * @property {(entry) => {push: (bytes: Uint8Array) => Promise<void>, finish: () => Promise<void>}} taker of what comes
 *   of it; throws where that is no good
 * @property {(entry) => void} missing the server has no such segment, or what it has is none
 * @property {() => number} reloadAt when to load the playlist again
 * @property {() => HeadersInit} headers that go with each request
 * @property {() => boolean} takesParts whether what grows is to be fetched part by part
 * @property {() => boolean} takesPromptly whether otherwise each frame of it is wanted at once, not a few together
 *
 * Events: `status`, when `status` has changed.
 */
export class Loader extends EventTarget {
  /** @type {{phase: 'connecting' | 'loaded' | 'retrying', error?: Error, retryAt?: number}} */
  status = { phase: 'connecting' };

  #url;
  #client;
  #alarm = new Alarm();
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
        const retryAt = now() + retryDelay(++this.#failures, Math.random());
        this.#report({ phase: 'retrying', error, retryAt });
        await this.#alarm.until(retryAt);
      }
    }
  }

  /** Looks at the clock: to be called from whatever still happens in a hidden page. */
  check() {
    this.#alarm.check();
    // A segment that grows is not to be interrupted by a look at the playlist; and what becomes of that is no matter.
    if (this.#fetching && now() >= this.#client.reloadAt()) this.#load().catch(() => {});
  }

  /** A wait may be over for another reason. */
  wake() {
    this.#alarm.ring();
  }

  /** Something else is wanted than what is under way. */
  interrupt() {
    this.#fetching?.abort();
    this.#alarm.ring();
  }

  async #load() {
    if (this.#isLoading) return;
    this.#isLoading = true;
    // Counted from when it was due: what the timers are late must not add up, or the loads fall out of step.
    const loadedAt = now() - this.#due < TIMER_SLACK ? this.#due : now();
    try {
      const text = await download(this.#url, 'text', { patience: PATIENCE, cache: 'no-cache', headers: this.#client.headers() });
      await this.#client.loaded(parsePlaylist(text, this.#url), loadedAt);
      this.#report({ phase: 'loaded' });
    } finally {
      this.#isLoading = false;
    }
  }

  /** Fetches what is wanted, until there is nothing and it is time to load the playlist again. */
  async #fetchUntilDue() {
    do {
      for (let entry; (entry = this.#client.wanted());) await this.#fetch(entry);
      this.#due = this.#client.reloadAt();
      await this.#alarm.until(this.#due);
      this.#due = this.#client.reloadAt();
    } while (now() < this.#due);
  }

  async #fetch(entry) {
    const controller = this.#fetching = new AbortController();
    const { signal } = controller;
    try {
      const taker = this.#client.taker(entry);
      const onBytes = async (bytes) => { if (!signal.aborted) await taker.push(bytes); };
      const options = { patience: PATIENCE, signal, headers: this.#client.headers(), onHead: this.#client.told, onBytes };
      if (entry.isGrowing && this.#client.takesParts()) await this.#streamParts(entry.sequence, options);
      else await stream(entry.isGrowing && this.#client.takesPromptly() ? promptly(entry.url) : entry.url, options);
      if (!signal.aborted) await taker.finish();
      this.#failures = 0;
    } catch (error) {
      if (signal.aborted) return;
      const gone = error instanceof HTTPError && [404, 410].includes(error.status);
      if (gone || error instanceof SyntaxError) this.#client.missing(entry);
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
      const least = Math.max(1, isComplete ? count : count + 1);
      if (parts.urls.length < least) throw new Error(`segment ${sequence} has no part ${count}`);
      for (; count < parts.urls.length; count++) await stream(parts.urls[count], options);
    }
  }

  #report(status) {
    this.status = status;
    this.dispatchEvent(new Event('status'));
  }
}
