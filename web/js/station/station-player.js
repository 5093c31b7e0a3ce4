// The player of the station's page: it plays one stream at a time.

import { listenerHeaders } from '../net/listener-id.js';
import { StreamInfo } from '../net/stream-info.js';
import { connectMediaSession, logoInHead } from '../page/media-session.js';
import { playerStatus } from '../page/state.js';
import { sentenceOf } from '../page/status.js';
import { streamURLs } from '../page/stream-urls.js';
import { Player } from '../playback/player.js';

/** The interval at which the player does what is due. */
const TICK_MS = 500;

/**
 * @typedef {object} Playing the stream that the listener chose
 * @property {string} name
 * @property {string} label
 * @property {import('../page/status.js').Status['state']} state
 * @property {import('../page/status.js').Status['reason']} reason
 * @property {string} sentence about the reason; may be empty
 * @property {{title: string?, artist: string?}?} nowPlaying of the sound that is heard
 */

/** Events: `change` when anything here may have changed. */
export class StationPlayer extends EventTarget {
  #element;
  #location;
  #latencyMode;
  #current = null;

  /**
   * @param {HTMLMediaElement} element has the volume
   * @param {Location | URL} location of the page, perhaps with a token
   * @param {import('../playback/latency-modes.js').LatencyMode} latencyMode
   */
  constructor(element, location, latencyMode) {
    super();
    this.#element = element;
    this.#location = location;
    this.#latencyMode = latencyMode;
  }

  /** @returns {Playing?} null where no stream is chosen */
  get playing() {
    if (this.#current === null) return null;
    const { name, label, player, urls, streamInfo } = this.#current;
    const status = playerStatus(player, urls, streamInfo);
    return { name, label, ...status, sentence: sentenceOf(status), nowPlaying: player.nowPlaying };
  }

  /**
   * Plays this stream, from live on, and stops the one before. A browser that plays only after a click needs the call
   * inside of the click.
   * @param {{name: string, label: string, logo?: string?}} stream
   */
  start({ name, label, logo = null }) {
    this.#close();
    const urls = streamURLs(this.#location, name);
    const streamInfo = new StreamInfo(urls.info, () => listenerHeaders(player.isListening));
    const player = new Player(this.#element, urls, streamInfo, { latencyMode: this.#latencyMode });
    const leaving = new AbortController();
    const { signal } = leaving;
    const session = connectMediaSession(player, logo === null ? logoInHead() : new URL(logo, this.#location).href);
    this.#current = { name, label, player, urls, streamInfo, session, leaving };
    player.addEventListener('change', () => this.#announce());
    document.addEventListener('visibilitychange', () => player.wake(), { signal });
    window.addEventListener('online', () => player.reconnect(), { signal });
    const ticker = setInterval(() => {
      player.check();
      this.#announce();
    }, TICK_MS);
    signal.addEventListener('abort', () => clearInterval(ticker));
    streamInfo.refresh();
    player.start();
    this.#announce();
  }

  /** Plays on after a pause by the lock screen, or after a refusal by the browser. */
  resume() {
    this.#current?.player.play();
  }

  /** Stops the stream, and gives all of its resources back. */
  stop() {
    if (this.#current === null) return;
    this.#close();
    this.#announce();
  }

  /** The station gave the chosen stream a new title. */
  rename(label) {
    if (this.#current !== null) this.#current.label = label;
  }

  /** Tells the lock screen the present sound. @param {string?} station the name of the station */
  showOnLockScreen(station) {
    if (this.#current === null) return;
    const { label, player, session } = this.#current;
    session.show(player.nowPlaying, { stream: label, station });
  }

  #close() {
    if (this.#current === null) return;
    const { player, session, leaving } = this.#current;
    this.#current = null;
    leaving.abort();
    player.close();
    session.close();
  }

  #announce() {
    this.dispatchEvent(new Event('change'));
  }
}
