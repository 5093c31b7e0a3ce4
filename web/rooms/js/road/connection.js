// The connection of a page to a room: the shell around `ConnectionMachine`.

import { now } from '../../../js/net/clock.js';
import { ConnectionMachine } from './connection-machine.js';
import { openEventRoad, openPollingRoad } from './post-road.js';
import { openSocketRoad } from './socket-road.js';

const OPENERS = { socket: openSocketRoad, events: openEventRoad, polling: openPollingRoad };

/**
 * Events: `message` (with `message`) for each message from the server, each once and in order; `status` when `phase`,
 * `error`, `road` or `retryAt` has changed.
 */
export class RoomConnection extends EventTarget {
  #machine;
  #urls;
  #store;
  #road = null;
  #timer;

  /**
   * @param {{socket: string, messages: string}} urls
   * @param {{session?: string, invite?: string, token?: string}} admission
   * @param {(session: string?) => void} store keeps the session for the tab; null when the session is over
   */
  constructor(urls, admission, store) {
    super();
    this.#urls = urls;
    this.#store = store;
    this.#machine = new ConnectionMachine(admission);
  }

  get status() {
    const { phase, error, road, retryAt } = this.#machine;
    return { phase, error, road, retryAt };
  }

  /** The chat messages that are on their way. */
  get unconfirmed() {
    return this.#machine.unconfirmed;
  }

  /** @param {string} name @param {string} [token] an operator's or a listener's token */
  join(name, token) {
    this.#handle({ type: 'join', name, token });
  }

  leave() {
    this.#handle({ type: 'leave' });
  }

  /** Sends a message, or keeps the message until there is a road again. */
  send(message) {
    this.#handle({ type: 'send', message });
  }

  /** The network has changed, so a try may succeed now. */
  noteOnline() {
    this.#handle({ type: 'online' });
  }

  /** The page was hidden, and its timers were slow. */
  noteVisible() {
    this.#handle({ type: 'visible' });
  }

  #handle(event) {
    const commands = this.#machine.handle(event, { now: now(), random: Math.random() });
    for (const command of commands) this.#perform(command);
    clearTimeout(this.#timer);
    const { deadline } = this.#machine;
    if (deadline < Infinity) {
      this.#timer = setTimeout(() => this.#handle({ type: 'due' }), Math.max(0, deadline - now()) * 1000);
    }
  }

  #perform(command) {
    switch (command.do) {
      case 'open': this.#open(command.road); break;
      case 'close': this.#road?.close(); this.#road = null; break;
      case 'transmit': this.#road?.send(command.message); break;
      case 'deliver': this.#tell('message', { message: command.message }); break;
      case 'store': this.#store(command.session); break;
      case 'announce': this.#tell('status'); break;
    }
  }

  #open(name) {
    this.#road?.close();
    this.#road = OPENERS[name](this.#urls, {
      onOpen: () => this.#handle({ type: 'opened' }),
      onMessage: (message) => this.#handle({ type: 'received', message }),
      onClose: (loss) => this.#handle({ type: 'closed', ...loss }),
    });
  }

  #tell(type, properties) {
    this.dispatchEvent(Object.assign(new Event(type), properties));
  }
}
