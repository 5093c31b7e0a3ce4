// The stream's room as a listener sees it at a place in the sound. Pure.

import { RoomState } from '../../rooms/js/state/room-state.js';
import { TimedMessages } from './timed-messages.js';

export class TimedRoom {
  /** What to show. @type {RoomState} */
  state = new RoomState();
  #messages = new TimedMessages();
  /** The numbers of the messages that `state` has taken. */
  #shown = [];
  #date = null;

  /**
   * Takes a message from the server. A message with a number waits for its sound.
   * @param {object} message
   * @returns {boolean} whether the room may look different
   */
  add(message) {
    if (message.id !== undefined) return this.#messages.add(message) && this.#update();
    switch (message.type) {
      case 'welcome': return this.#enter(message);
      case 'members': case 'hand': case 'room': return this.#note(message);
      default: return false;
    }
  }

  /** This page's member has left. */
  leave() {
    Object.assign(this.state, { you: null, room: null, members: new Map() });
    this.#begin();
    this.#update();
  }

  /** Notes the page's own vote. */
  noteVote(poll, choice) {
    this.state.noteVote(poll, choice);
  }

  /**
   * The listener has come to another place in the sound.
   * @param {number?} date milliseconds since 1970 of the sound that is heard; null where no sound is heard
   * @returns {boolean} whether the room looks different
   */
  moveTo(date) {
    this.#date = date;
    return this.#update();
  }

  /** Milliseconds of sound until the next message; Infinity where none waits. */
  get msUntilNext() {
    return this.#messages.msUntilNext(this.#date);
  }

  /** The number of messages that are shown later. */
  get waitingCount() {
    return this.#messages.waiting(this.#date, this.#you).length;
  }

  get #you() {
    return this.state.you?.id ?? null;
  }

  #enter(welcome) {
    for (const message of welcome.history) this.#messages.add(message);
    this.state.handle({ ...welcome, history: [] }, welcome.you.time);
    // The messages that are shown already may be the member's own.
    this.#begin();
    this.#update();
    return true;
  }

  #note(message) {
    this.state.handle(message, '');
    // A listener does not see who comes and goes.
    this.state.entries = this.state.entries.filter(({ kind }) => kind !== 'note');
    return true;
  }

  /** Shows nothing. */
  #begin() {
    Object.assign(this.state, { entries: [], polls: new Map(), score: null });
    this.#shown = [];
  }

  #update() {
    const due = this.#messages.due(this.#date, this.#you);
    const ids = due.map(({ id }) => id);
    if (ids.length === this.#shown.length && ids.every((id, i) => id === this.#shown[i])) return false;
    const isLonger = this.#shown.every((id, i) => id === ids[i]);
    const before = new Map(this.state.entries.map((entry) => [entry.key, entry]));
    // The listener went back, or a message is due before an earlier one.
    if (!isLonger) this.#begin();
    for (const message of due.slice(this.#shown.length)) this.state.handle(message, message.time);
    // An entry that stays is the same object, so that the view leaves the entry alone.
    this.state.entries = this.state.entries.map((entry) => unlessSame(before.get(entry.key), entry));
    this.#shown = ids;
    return true;
  }
}

/** The entry before, if the entry now has the same fields. */
const unlessSame = (before, entry) =>
  before !== undefined && Object.keys(entry).every((key) => entry[key] === before[key]) ? before : entry;
