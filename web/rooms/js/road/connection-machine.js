// The decisions of a page's connection to a room: an event comes in, commands go out.

import { reconnectDelaySeconds } from './backoff.js';
import { ROADS, RoadChoice } from './road-choice.js';

/** A road that carries no welcome by then is of no use. */
const WELCOME_SECONDS = 10;
/** The time from the answer to a ping to the next ping, which shows that the road works, and how fast. */
const PING_SECONDS = 20;
const FIRST_PING_SECONDS = 1;
/** A page with sound measures more often, because the delay of its sound depends on the round trip. */
const SOUND_PING_SECONDS = 2;
/** A page with sound comes back soon after an interruption, as long as people may still wait for it. */
const SOUND_RETRY_SECONDS = 0.6;
const SOUND_PATIENCE_SECONDS = 60;
/** Without an answer by then, the road is lost. */
const PONG_SECONDS = 8;
/** A membership of this length shows that the server is well: the next failure is the first one again. */
const PEACE_SECONDS = 10;
const RESTART = 1012;
/** The close codes after which the page does not come back by itself, with the error code that tells why. */
const ENDINGS = { 1013: 'full', 4001: 'not_admitted', 4003: 'removed', 4004: 'closed', 4009: 'elsewhere' };
/** These are out of date when a road is there again. All other messages wait for the road. */
const FLEETING = ['typing', 'ping', 'offer', 'answer', 'ice', 'call', 'sound', 'agree'];
const MOST_WAITING = 100;
/** The errors with which the server refuses a chat message. */
const CHAT_REFUSALS = ['too_long', 'too_fast', 'bad_message', 'not_allowed'];
/** After these the page may be the same member again. */
const KEEPING_SESSION = ['elsewhere', 'full', 'too_fast'];

/**
 * @typedef {object} World
 * @property {number} now seconds of a monotonic clock
 * @property {number} random 0 to 1
 *
 * @typedef {{type: 'join', name: string} | {type: 'leave'} | {type: 'send', message: object}
 *   | {type: 'opened'} | {type: 'received', message: object}
 *   | {type: 'closed', code: number, worked: boolean, reached: boolean}
 *   | {type: 'due'} | {type: 'online'} | {type: 'visible'} | {type: 'ping'}
 *   | {type: 'sound', form: 'pcm16' | 'opus' | 'none'}} ConnectionEvent
 *
 * @typedef {{do: 'open', road: string} | {do: 'close'} | {do: 'transmit', message: object}
 *   | {do: 'deliver', message: object} | {do: 'store', session: string?}
 *   | {do: 'announce'}} ConnectionCommand
 *
 * @typedef {'outside' | 'joining' | 'joined' | 'rejoining' | 'refused' | 'ended'} Phase
 *   `refused`: the server does not let the page in. `ended`: the membership is over. In both, `error` tells why.
 */

export class ConnectionMachine {
  /** @type {Phase} */
  phase = 'outside';
  /** @type {{code: string, text?: string, suggestion?: string}?} */
  error = null;
  /** When the page tries again, seconds of the monotonic clock; null while an attempt is under way. */
  retryAt = null;
  /** The time of the next event `due`, seconds of the monotonic clock. */
  deadline = Infinity;
  /** The latest round trip, milliseconds; null before the first. */
  rtt = null;
  /** What a ping tells the server beside the round trip: the delays of this page's sound, milliseconds. */
  delays = {};

  #hello;
  #choice = new RoadChoice();
  #road = ROADS[0];
  #isNewNetwork = false;
  #isOpen = false;
  #isWelcome = false;
  #last = 0;
  #you = null;
  #attempt = 0;
  #joinedAt = Infinity;
  /** When the ping that has no answer yet has left; null where there is none. */
  #pingedAt = null;
  /** Whether the server knows a round trip. */
  #hasTold = false;
  /** When the pings left to which no pong has come yet, the oldest first. */
  #pings = [];
  /** When the road was lost; null while there is a road. */
  #lostAt = null;
  #lastError = null;
  #waiting = [];
  /** Chat messages that the server has not confirmed, by nonce. */
  #unconfirmed = new Map();

  /** @param {{session?: string, invite?: string, token?: string, capabilities?: object}} hello what the page can show */
  constructor(hello) {
    this.#hello = { type: 'hello', ...hello };
  }

  /** The road in use, or the road of the latest attempt. */
  get road() {
    return this.#road;
  }

  get name() {
    return this.#hello.name;
  }

  /** The chat messages that are on their way. */
  get unconfirmed() {
    return [...this.#unconfirmed.values()];
  }

  /** @param {ConnectionEvent} event @param {World} world @returns {ConnectionCommand[]} */
  handle(event, world) {
    switch (event.type) {
      case 'join': return this.#join(event, world);
      case 'leave': return this.#leave();
      case 'send': return this.#send(event.message);
      case 'opened': return this.#isOpen ? [{ do: 'transmit', message: this.#currentHello() }] : [];
      case 'received': return this.#receive(event.message, world);
      case 'closed': return this.#lose(event, world);
      case 'due': return this.#due(world);
      case 'online': this.#isNewNetwork = true; return this.#doubt(world);
      case 'visible': return this.#doubt(world);
      case 'ping': return this.#isWelcome ? this.#ping(world) : [];
      case 'sound': return this.#useSound(event.form);
      default: throw new TypeError(`the connection knows no event ${event.type}`);
    }
  }

  #join({ name, token }, world) {
    if (['joined', 'joining', 'rejoining'].includes(this.phase)) return [];
    this.#hello.name = name;
    if (token) this.#hello.token = token;
    this.phase = 'joining';
    this.error = null;
    this.#attempt = 0;
    this.#isNewNetwork = true;
    return [...this.#open(world), { do: 'announce' }];
  }

  #leave() {
    const farewell = this.#isWelcome ? [{ do: 'transmit', message: { type: 'leave' } }] : [];
    return [...farewell, ...this.#finish('outside', null)];
  }

  #send(message) {
    if (message.type === 'name') this.#hello.name = message.name;
    if (message.nonce !== undefined) this.#unconfirmed.set(message.nonce, message);
    if (this.#isWelcome) return [{ do: 'transmit', message }];
    if (message.nonce === undefined && !FLEETING.includes(message.type) && this.#waiting.length < MOST_WAITING) {
      this.#waiting.push(message);
    }
    return [];
  }

  /** Asks the server for sound in another form, now and at each `hello`. */
  #useSound(form) {
    if (form === (this.#hello.sound ?? 'none')) return [];
    this.#hello.sound = form;
    return this.#isWelcome ? [{ do: 'transmit', message: { type: 'sound', form } }] : [];
  }

  get #hasSound() {
    return (this.#hello.sound ?? 'none') !== 'none';
  }

  #currentHello() {
    return { ...this.#hello, ...(this.#last > 0 && { last: this.#last }) };
  }

  #open({ now }) {
    this.#isOpen = true;
    this.#isWelcome = false;
    this.retryAt = null;
    this.#lastError = null;
    this.deadline = now + WELCOME_SECONDS;
    if (this.#isNewNetwork) this.#choice.reset();
    this.#isNewNetwork = false;
    this.#road = this.#choice.road;
    return [{ do: 'open', road: this.#road }];
  }

  #receive(message, world) {
    if (!this.#isOpen) return [];
    if (!this.#isWelcome) return this.#receiveFirst(message, world);
    if (message.type === 'pong') this.#measure(world);
    if (this.#pingedAt !== null) this.#noteAnswer(world);
    switch (message.type) {
      case 'welcome': return [];
      case 'pong': return [{ do: 'deliver', message: { ...message, rtt: this.rtt } }];
      case 'removed': return this.#finish('ended', { code: 'removed', text: message.reason });
      case 'error': return this.#receiveError(message);
      default: return this.#deliver(message);
    }
  }

  #receiveFirst(message, world) {
    if (message.type === 'welcome') return this.#enter(message, world);
    if (message.type !== 'error') return [];
    return this.#finish('refused', message);
  }

  #enter(welcome, { now }) {
    const { you, history, last } = welcome;
    this.#isWelcome = true;
    this.phase = 'joined';
    this.error = null;
    this.#joinedAt = now;
    this.#pingedAt = null;
    this.#pings = [];
    this.#lostAt = null;
    this.deadline = now + FIRST_PING_SECONDS;
    this.#hello.session = you.session;
    this.#hello.name = you.name;
    const missed = history.filter(({ id }) => id > this.#last);
    this.#last = Math.max(this.#last, last);
    this.#you = you.id;
    missed.forEach((message) => this.#confirm(message));
    const waiting = [...this.#unconfirmed.values(), ...this.#waiting];
    this.#waiting = [];
    return [
      { do: 'store', session: you.session },
      { do: 'deliver', message: { ...welcome, history: missed } },
      { do: 'announce' },
      ...waiting.map((message) => ({ do: 'transmit', message })),
    ];
  }

  #receiveError(message) {
    this.#lastError = message;
    const [nonce] = CHAT_REFUSALS.includes(message.code) ? this.#unconfirmed.keys() : [];
    const refused = this.#unconfirmed.get(nonce);
    this.#unconfirmed.delete(nonce);
    return [{ do: 'deliver', message: refused ? { ...message, refused } : message }];
  }

  /** The server answers pings in their order. */
  #measure({ now }) {
    const leftAt = this.#pings.shift();
    if (leftAt !== undefined) this.rtt = Math.round(1000 * (now - leftAt));
  }

  /** Any message shows that the road works. */
  #noteAnswer({ now }) {
    const isFirst = !this.#hasTold;
    this.#pingedAt = null;
    // The second ping tells the server the first round trip.
    this.deadline = now + (isFirst ? FIRST_PING_SECONDS : this.#hasSound ? SOUND_PING_SECONDS : PING_SECONDS);
  }

  #deliver(message) {
    if (message.id !== undefined) {
      if (message.id <= this.#last) return [];
      this.#last = message.id;
    }
    this.#confirm(message);
    return [{ do: 'deliver', message }];
  }

  /** Notes that a chat message of this page has arrived. A message from the history may lack its nonce. */
  #confirm({ type, from, nonce, text }) {
    if (type !== 'chat' || from !== this.#you) return;
    const key = nonce ?? this.unconfirmed.find((message) => message.text === text)?.nonce;
    this.#unconfirmed.delete(key);
  }

  #lose({ code, worked, reached }, world) {
    if (!this.#isOpen) return [];
    const wasInside = this.#isWelcome;
    this.#isOpen = this.#isWelcome = false;
    if (ENDINGS[code]) {
      const error = this.#lastError ?? { code: ENDINGS[code] };
      return this.#finish(wasInside ? 'ended' : 'refused', error);
    }
    this.phase = this.phase === 'joining' ? 'joining' : 'rejoining';
    if (wasInside && (code === RESTART || world.now - this.#joinedAt >= PEACE_SECONDS)) this.#attempt = 0;
    const isAtOnce = this.#choice.lost({ worked, reached, hasSound: this.#hasSound });
    if (isAtOnce || wasInside && code === RESTART) return [...this.#open(world), { do: 'announce' }];
    this.#attempt += 1;
    this.#lostAt ??= world.now;
    this.retryAt = this.deadline = world.now + this.#retryDelay(world);
    return [{ do: 'announce' }];
  }

  #retryDelay({ now, random }) {
    const delay = reconnectDelaySeconds(this.#attempt, random);
    const isPressing = this.#hasSound && now - this.#lostAt < SOUND_PATIENCE_SECONDS;
    return isPressing ? Math.min(delay, SOUND_RETRY_SECONDS * (0.5 + random)) : delay;
  }

  #due(world) {
    if (world.now < this.deadline) return [];
    if (this.retryAt !== null) return this.#open(world);
    if (this.#isWelcome && this.#pingedAt === null) return this.#ping(world);
    if (!this.#isOpen) return [];
    const worked = this.#isWelcome;
    return [{ do: 'close' }, ...this.#lose({ code: 1006, worked, reached: worked }, world)];
  }

  /** The road may be gone without a word, or the server may be there again. */
  #doubt(world) {
    if (this.retryAt !== null) {
      this.#attempt = 0;
      return this.#open(world);
    }
    return this.#isWelcome && this.#pingedAt === null ? this.#ping(world) : [];
  }

  #ping({ now }) {
    this.#pings.push(now);
    this.#hasTold = this.rtt !== null;
    // An earlier ping without an answer keeps its time.
    this.#pingedAt ??= now;
    this.deadline = this.#pingedAt + PONG_SECONDS;
    return [{ do: 'transmit', message: { type: 'ping', ...(this.rtt !== null && { rtt: this.rtt }), ...this.delays } }];
  }

  #finish(phase, error) {
    this.#isOpen = this.#isWelcome = false;
    this.phase = phase;
    this.error = error;
    this.retryAt = null;
    this.deadline = Infinity;
    const forgetting = KEEPING_SESSION.includes(error?.code) ? [] : [{ do: 'store', session: null }];
    if (forgetting.length > 0) delete this.#hello.session;
    return [{ do: 'close' }, ...forgetting, { do: 'announce' }];
  }
}
