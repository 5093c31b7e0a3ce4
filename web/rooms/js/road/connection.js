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
  /** Gets each sound packet from the server, an `ArrayBuffer`. @type {(packet: ArrayBuffer) => void} */
  onSound = () => {};

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

  // Sound. Only a WebSocket carries sound.

  /** Asks the server for its mix in this form, now and after each interruption. @param {'pcm16' | 'opus' | 'none'} form */
  useSound(form) {
    this.#handle({ type: 'sound', form });
  }

  /** Sends a sound packet. @param {ArrayBuffer} packet @returns {boolean} whether there was a road for the packet */
  sendSound(packet) {
    if (!this.carriesSound) return false;
    this.#road.sendSound(packet);
    return true;
  }

  get carriesSound() {
    return this.#machine.phase === 'joined' && this.#road?.sendSound !== undefined;
  }

  /** The number of bytes that wait in this page for the network. */
  get waitingBytes() {
    return this.#road?.waitingBytes ?? 0;
  }

  /** The latest round trip, milliseconds; null before the first. */
  get rtt() {
    return this.#machine.rtt;
  }

  /** The delays of this page's sound, which each ping tells the server. @param {{capture?: number, playback?: number}} delays ms */
  set delays(delays) {
    this.#machine.delays = delays;
  }

  /** Measures a round trip now: the event `message` of type `pong` has it as `rtt`. */
  ping() {
    this.#handle({ type: 'ping' });
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
      onSound: (packet) => this.onSound(packet),
      onClose: (loss) => this.#handle({ type: 'closed', ...loss }),
    });
  }

  #tell(type, properties) {
    this.dispatchEvent(Object.assign(new Event(type), properties));
  }
}
