// Reads the events of a room: everything that is said to its audience.

import { stream } from '../net/download.js';
import { reconnectDelaySeconds } from '../../rooms/js/road/backoff.js';
import { EventStreamParser } from '../../rooms/js/road/event-stream-parser.js';

/** The server sends at least a comment in each 15 s. */
const TIMEOUT_SECONDS = 40;

/**
 * The reader connects again by itself, and asks for what it has missed. An `EventSource` could not ask for the events
 * before its first one.
 */
export class EventReader {
  #url;
  #onMessage;
  /** Ends the reading; null while nothing is read. @type {AbortController?} */
  #controller = null;
  /** No event has this number, so that the server sends the events that it remembers. */
  #lastId = '0';
  #wake = () => {};

  /** @param {string} url @param {(message: object) => void} onMessage */
  constructor(url, onMessage) {
    this.#url = url;
    this.#onMessage = onMessage;
  }

  start() {
    if (this.#controller !== null) return;
    this.#controller = new AbortController();
    this.#run(this.#controller.signal);
  }

  stop() {
    this.#controller?.abort();
    this.#controller = null;
    this.#wake();
  }

  /** The network is back. */
  noteOnline() {
    this.#wake();
  }

  async #run(signal) {
    for (let attempt = 1; !signal.aborted; attempt++) {
      const state = { worked: false };
      try {
        await this.#read(signal, state);
      } catch {
        // The server is gone, or does not let this page in. The next attempt tells.
      }
      if (signal.aborted) return;
      if (state.worked) attempt = 1;
      await this.#pause(reconnectDelaySeconds(attempt, Math.random()) * 1000);
    }
  }

  #read(signal, state) {
    const decoder = new TextDecoder();
    const parser = new EventStreamParser();
    return stream(this.#url, {
      timeoutSeconds: TIMEOUT_SECONDS, signal, onHeaders() {},
      headers: { Accept: 'text/event-stream', 'Last-Event-ID': this.#lastId },
      onBytes: async (bytes) => {
        state.worked = true;
        for (const { id, data } of parser.push(decoder.decode(bytes, { stream: true }))) {
          if (signal.aborted) return;
          if (id !== null) this.#lastId = id;
          this.#onMessage(JSON.parse(data));
        }
      },
    });
  }

  #pause(ms) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => { clearTimeout(timer); resolve(); };
    });
  }
}
