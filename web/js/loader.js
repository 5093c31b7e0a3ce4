// The download loop: the playlist, then the segments it lists, one after the other, for ever.

import { Alarm, now } from './alarm.js';
import { HTTPError, download } from './download.js';
import { parsePlaylist } from './playlist.js';
import { retryDelay } from './reload.js';

/** Seconds for a playlist; a segment gets a multiple of its own duration on top. */
const PATIENCE = 6;
const PATIENCE_FACTOR = 3;

/** Less than this a timer is late now and then, s. */
const TIMER_SLACK = 0.05;

/**
 * Knows what was asked for and what came, not what it means: that is its `client`'s to say. One connection at a time.
 *
 * @typedef {object} Client
 * @property {(playlist, loadedAt: number) => Promise<void>} loaded a playlist has come, whose load began at `loadedAt`
 * @property {() => import('./playlist.js').Entry?} wanted the segment to fetch now
 * @property {(entry, bytes: Uint8Array) => Promise<void>} fetched it has come; throws where it is no good
 * @property {(entry) => void} missing the server has no such segment, or what it has is none
 * @property {() => number} reloadAt when to load the playlist again
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
  #failures = 0;

  constructor(url, client) {
    super();
    this.#url = url;
    this.#client = client;
  }

  /** Never returns: a live stream may always come back. */
  async run() {
    let due = -Infinity;
    for (;;) {
      // Counted from when it was due: what the timers are late must not add up, or the loads fall out of step.
      const loadedAt = now() - due < TIMER_SLACK ? due : now();
      try {
        const text = await download(this.#url, 'text', { patience: PATIENCE, cache: 'no-cache' });
        await this.#client.loaded(parsePlaylist(text, this.#url), loadedAt);
        this.#report({ phase: 'loaded' });
        due = await this.#fetchUntil(() => this.#client.reloadAt());
        this.#failures = 0;
      } catch (error) {
        due = -Infinity;
        const retryAt = now() + retryDelay(++this.#failures, Math.random());
        this.#report({ phase: 'retrying', error, retryAt });
        await this.#alarm.until(retryAt);
      }
    }
  }

  /** Looks at the clock: to be called from whatever still happens in a hidden page. */
  check() {
    this.#alarm.check();
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

  /** Fetches what is wanted, until it is time to load the playlist again; returns that time. */
  async #fetchUntil(due) {
    do {
      for (let entry; (entry = this.#client.wanted());) await this.#fetch(entry);
      await this.#alarm.until(due());
    } while (now() < due());
    return due();
  }

  async #fetch(entry) {
    const controller = this.#fetching = new AbortController();
    try {
      const bytes = await download(entry.url, 'arrayBuffer', {
        patience: PATIENCE + PATIENCE_FACTOR * entry.duration, cache: 'default', signal: controller.signal,
      });
      this.#fetching = null;
      if (!controller.signal.aborted) await this.#client.fetched(entry, new Uint8Array(bytes));
    } catch (error) {
      if (controller.signal.aborted) return;
      const gone = error instanceof HTTPError && [404, 410].includes(error.status);
      if (gone || error instanceof SyntaxError) this.#client.missing(entry);
      throw error;
    } finally {
      this.#fetching = null;
    }
  }

  #report(status) {
    this.status = status;
    this.dispatchEvent(new Event('status'));
  }
}
