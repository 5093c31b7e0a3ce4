// The room of the stream beside the player: each message is shown when its sound is heard.

import { BoardView } from '../../rooms/js/chat/board-view.js';
import { ChatView } from '../../rooms/js/chat/chat-view.js';
import { makeComposer } from '../../rooms/js/chat/composer.js';
import { setText } from '../../rooms/js/chat/elements.js';
import { TabMemory } from '../../rooms/js/road/admission.js';
import { RoomConnection } from '../../rooms/js/road/connection.js';
import { makeLiveRegions } from '../../rooms/js/room/live-regions.js';
import { rememberName, rememberedName } from '../../rooms/js/room/remembered-name.js';
import { Unread } from '../../rooms/js/state/unread.js';
import { checkedName } from '../../rooms/js/text/names.js';
import { connectionSentence, errorSentence } from '../../rooms/js/text/sentences.js';
import { languageChanges, text } from '../language/texts.js';
import { EventReader } from './event-reader.js';
import { TimedRoom } from './timed-room.js';

/** An error is shown for this long. */
const ERROR_MS = 8000;
/** A listener near live does not learn that a message waits for a moment. */
const PATIENCE_MS = 3000;
/** In these phases of the connection the listener is a member. */
const INSIDE = ['joined', 'rejoining'];

/** One room, from its elements and its two roads: the events for everybody, the connection for members. */
export class StreamRoom {
  /** Called when messages have come, because one of them may be due soon. */
  onMessages = () => {};

  #panel;
  #room = new TimedRoom();
  #unread = new Unread();
  #liveRegions;
  #memory;
  #connection;
  #reader;
  #chat;
  #board;
  #composer;
  /** Whether the person has just asked to join, and so wants to write. */
  #isJoining = false;
  /** The vote of a person who joins in order to vote: poll and choice. */
  #plannedVote = null;
  #waitingSince = null;
  #errorTimer;

  /**
   * @param {Record<string, HTMLElement>} panel from `makeRoomPanel`
   * @param {{page: string, socket: string, messages: string}} urls
   * @param {{name: string, token: string?}} room its name, and the listener's token
   */
  constructor(panel, urls, { name, token }) {
    this.#panel = panel;
    this.#liveRegions = makeLiveRegions(panel.announcer, panel.counter);
    this.#memory = new TabMemory(name);
    const { session } = this.#memory.kept;
    const hello = { ...(session && { session }), ...(token && { token }) };
    this.#connection = new RoomConnection(urls, hello, (value) => this.#memory.keep({ session: value }));
    this.#reader = new EventReader(eventsURL(urls.page, token), (message) => this.#take(message));
    this.#chat = new ChatView(panel.log, {
      names: () => this.#room.state.names, ownName: () => this.#room.state.you?.name ?? null,
      mayDelete: () => false, onDelete() {},
    });
    this.#board = new BoardView(panel.board, { onVote: (poll, choice) => this.#vote(poll, choice) });
    this.#composer = makeComposer(panel.composer, {
      names: () => this.#room.state.names.filter((other) => other !== this.#room.state.you?.name),
      onSend: (text) => this.#say(text),
      onTyping: (on) => this.#connection.send({ type: 'typing', on }),
    });
    this.#listen();
  }

  /** Reads the events, and joins again where this tab was a member. */
  start() {
    const { session, name } = this.#memory.kept;
    this.#panel.name.value = name ?? rememberedName();
    if (session && name) this.#connection.join(name);
    else this.#reader.start();
    this.#render();
  }

  /** @param {number?} date milliseconds since 1970 of the sound that is heard; null where no sound is heard */
  moveTo(date) {
    if (this.#room.moveTo(date)) this.#render();
    this.#showWaiting();
  }

  /** Milliseconds of sound until the next message. */
  get msUntilNext() {
    return this.#room.msUntilNext;
  }

  #listen() {
    const [panel, connection] = [this.#panel, this.#connection];
    connection.addEventListener('message', ({ message }) => this.#receive(message));
    connection.addEventListener('status', () => this.#showStatus());
    panel.joinForm.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#join();
    });
    panel.leave.addEventListener('click', () => connection.leave());
    panel.newest.addEventListener('click', () => {
      this.#chat.showEnd();
      this.#render();
    });
    this.#chat.addEventListener('end', () => this.#render());
    document.addEventListener('visibilitychange', () => {
      this.#render();
      if (!document.hidden) connection.noteVisible();
    });
    // Only the words change: a name that is being typed stays.
    languageChanges.addEventListener('change', () => this.#showWords());
    addEventListener('online', () => {
      connection.noteOnline();
      this.#reader.noteOnline();
    });
  }

  // The server's messages.

  #receive(message) {
    if (message.type === 'error') return this.#showError(message);
    this.#take(message);
    if (message.type !== 'welcome') return undefined;
    this.#memory.keep({ name: message.you.name });
    if (this.#plannedVote !== null) this.#vote(...this.#plannedVote);
    this.#plannedVote = null;
    return undefined;
  }

  #take(message) {
    if (this.#room.add(message)) this.#render();
    this.onMessages();
  }

  // The person's requests.

  #join() {
    const { name } = this.#panel;
    const checked = checkedName(name.value);
    name.setAttribute('aria-invalid', String(checked.problem !== undefined));
    if (checked.problem !== undefined) return this.#showTrouble(checked.problem);
    rememberName(checked.name);
    this.#isJoining = true;
    return this.#connection.join(checked.name);
  }

  #say(text) {
    this.#connection.send({ type: 'chat', text, nonce: Math.random().toString(36).slice(2) });
    this.#chat.showEnd();
    this.#render();
  }

  #vote(poll, choice) {
    if (this.#room.state.you === null) {
      this.#plannedVote = [poll, choice];
      this.#showTrouble(text('room.beside-vote'));
      return this.#panel.name.focus();
    }
    this.#connection.send({ type: 'vote', poll, choice });
    this.#room.noteVote(poll, choice);
    return this.#render();
  }

  // The view.

  #render() {
    const { entries } = this.#room.state;
    const { newest } = this.#panel;
    this.#unread.look(!document.hidden && this.#chat.isAtEnd, entries);
    this.#liveRegions.noteEntries(entries);
    this.#chat.render(entries, { firstUnreadKey: this.#unread.firstKey, unconfirmed: this.#connection.unconfirmed });
    this.#board.render(this.#room.state);
    newest.hidden = this.#chat.isAtEnd;
    setText(newest, newestText(this.#unread.count));
    newest.classList.toggle('mentions', this.#unread.mentionCount > 0);
  }

  /** Says how many messages wait for their sound. */
  #showWaiting() {
    const count = this.#room.waitingCount;
    const now = performance.now();
    this.#waitingSince = count === 0 ? null : this.#waitingSince ?? now;
    const isLong = count > 0 && now - this.#waitingSince > PATIENCE_MS;
    setText(this.#panel.waiting, isLong ? waitingSentence(count) : '');
  }

  #showStatus() {
    const { status } = this.#connection;
    const { phase, error } = status;
    const panel = this.#panel;
    const isInside = INSIDE.includes(phase);
    panel.joinForm.hidden = isInside;
    panel.composer.hidden = panel.leave.hidden = !isInside;
    panel.join.disabled = phase === 'joining';
    if (isInside) this.#enter(phase);
    else if (phase !== 'joining') this.#leave(error);
    this.#showWords();
  }

  #showWords() {
    const { status } = this.#connection;
    const { phase, error } = status;
    const isInside = INSIDE.includes(phase);
    this.#showTrouble(error !== null && !isInside ? errorSentence(error) : connectionSentence(status));
    this.#render();
  }

  #enter(phase) {
    // A member gets the events by the road of the connection.
    if (phase === 'joined') this.#reader.stop();
    if (phase !== 'joined' || !this.#isJoining) return;
    this.#isJoining = false;
    this.#composer.focus();
  }

  #leave(error) {
    const { name } = this.#panel;
    this.#room.leave();
    this.#reader.start();
    name.setAttribute('aria-invalid', String(['name_taken', 'bad_name'].includes(error?.code)));
    if (error?.suggestion) name.value = error.suggestion;
  }

  #showError(error) {
    const { refused } = error;
    this.#showTrouble(errorSentence(error) + (refused ? ` ${text('room.not-sent', { text: refused.text })}` : ''));
    this.#errorTimer = setTimeout(() => this.#showStatus(), ERROR_MS);
    this.#render();
  }

  #showTrouble(sentence) {
    clearTimeout(this.#errorTimer);
    setText(this.#panel.trouble, sentence);
  }
}

function eventsURL(page, token) {
  const url = new URL(`${page}/events`);
  if (token) url.searchParams.set('token', token);
  return url.href;
}

const newestText = (count) => (count > 0 ? text('common.new', { count }) : text('common.newest'));

const waitingSentence = (count) => text('room.beside-waiting', { count });
