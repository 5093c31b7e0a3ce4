// The state of a room as a page sees it: messages from the server come in, the page reads what to show.

import { scoreText } from '../text/sentences.js';
import { mentions } from '../text/tokens.js';

const MOST_ENTRIES = 500;
/** A server that has started again learns of its members one by one. The others wait for them this long. */
export const RETURN_SECONDS = 30;
const ROLES = ['operator', 'host', 'talker', 'listener'];

/**
 * One line of the room's log. Entries are never changed, only replaced.
 * @typedef {object} Entry
 * @property {string} key tells entries apart
 * @property {'chat' | 'deleted' | 'note' | 'prompt' | 'score' | 'result'} kind `result`: of a poll that has ended
 * @property {number?} id the room's number of the message; null where there is none
 * @property {number?} from the member who wrote a chat message
 * @property {string} name of that member, or of the member of a note, at that time
 * @property {string} text
 * @property {'joined' | 'left'} [verb] of a note
 * @property {string} time RFC 3339
 * @property {boolean} isOwn written by this page's member
 * @property {boolean} isMention mentions this page's member
 * @property {object?} poll of a result
 *
 * @typedef {'entries' | 'members' | 'room' | 'board'} Part a part of the state that a message has changed
 */

export class RoomState {
  /** This page's member, as the latest `members` or `welcome` describes it; null before the first welcome. */
  you = null;
  /** The room, as the server describes it; null before the first welcome. */
  room = null;
  /** @type {Map<number, object>} */
  members = new Map();
  /** @type {Entry[]} oldest first */
  entries = [];
  /** The polls that are open, by number. */
  polls = new Map();
  /** The choice that this page's member has voted for, by the number of the poll. */
  votes = new Map();
  /** The polls whose vote this page has noted itself: a message of before that vote says less. */
  #votedPolls = new Set();
  /** The latest score; null before the first. */
  score = null;
  #noteCount = 0;
  /** The members that an interruption has hidden, with the time until which they may return, ms since 1970. */
  #returning = new Map();

  /**
   * @param {object} message from the server
   * @param {string} time of now, RFC 3339, for entries that the server does not date
   * @returns {Part[]} the changed parts
   */
  handle(message, time) {
    switch (message.type) {
      case 'welcome': return this.#enter(message, time);
      case 'room': this.room = message; return ['room'];
      case 'members': return this.#changeMembers(message, time);
      case 'hand': return this.#changeMember(message.from, { hand: message.up });
      case 'chat': return this.#add(this.#chatEntry(message));
      case 'deleted': return this.#delete(message);
      case 'prompt': return this.#add(this.#entry('prompt', message));
      case 'score': return this.#useScore(message);
      case 'poll': return this.#usePoll(message);
      case 'air': this.room = { ...this.room, on_air: message.on }; return ['room'];
      default: return [];
    }
  }

  /** Notes the page's own vote. */
  noteVote(poll, choice) {
    this.votes.set(poll, choice);
    this.#votedPolls.add(poll);
    return ['board'];
  }

  /** Whether members may return after an interruption. */
  get hasReturning() {
    return this.#returning.size > 0;
  }

  /** Gives up the members who have not returned in time. @param {string} time of now, RFC 3339 @returns {Part[]} */
  giveUp(time) {
    const left = [...this.#returning].filter(([, until]) => until <= Date.parse(time)).map(([id]) => id);
    return left.length > 0 ? this.#changeMembers({ left }, time) : [];
  }

  get isHost() {
    return ['host', 'operator'].includes(this.you?.role);
  }

  /** Whether the room is the source of a stream. */
  get isSource() {
    return (this.room?.source_of ?? []).length > 0;
  }

  get isTalker() {
    return this.you !== null && this.you.role !== 'listener';
  }

  /** The members, hosts first, then by name. */
  get membersInOrder() {
    return [...this.members.values()].sort((one, other) =>
      ROLES.indexOf(one.role) - ROLES.indexOf(other.role) || one.name.localeCompare(other.name));
  }

  get names() {
    return [...this.members.values()].map(({ name }) => name);
  }

  /** The names of the others that are typing. */
  get typingNames() {
    return [...this.members.values()].filter(({ id, typing }) => typing && id !== this.you?.id).map(({ name }) => name);
  }

  #enter({ you, room, members, history }, time) {
    const before = this.members;
    const isFirst = this.you === null;
    this.room = room;
    this.members = new Map(members.map((member) => [member.id, member]));
    this.you = this.members.get(you.id) ?? you;
    for (const [id, member] of before) {
      if (this.members.has(id)) continue;
      this.members.set(id, member);
      if (!this.#returning.has(id)) this.#returning.set(id, Date.parse(time) + 1000 * RETURN_SECONDS);
    }
    for (const { id } of members) this.#returning.delete(id);
    const parts = history.flatMap((message) => this.handle(message, time));
    if (!isFirst) this.#noteChanges(members.filter(({ id }) => !before.has(id)), 'joined', time);
    return [...new Set([...parts, 'entries', 'members', 'room', 'board'])];
  }

  #changeMembers({ joined = [], changed = [], left = [] }, time) {
    const fresh = joined.filter(({ id }) => !this.members.has(id));
    const gone = left.map((id) => this.members.get(id)).filter(Boolean);
    for (const id of [...left, ...joined.map((member) => member.id)]) this.#returning.delete(id);
    for (const { id } of gone) this.members.delete(id);
    for (const member of [...joined, ...changed]) {
      // The field is missing where it is false.
      this.members.set(member.id, { ...this.members.get(member.id), shown: false, ...member });
    }
    this.you = this.members.get(this.you?.id) ?? this.you;
    this.#noteChanges(fresh, 'joined', time);
    this.#noteChanges(gone, 'left', time);
    return fresh.length + gone.length > 0 ? ['members', 'entries'] : ['members'];
  }

  #changeMember(id, changes) {
    const member = this.members.get(id);
    return member ? this.#changeMembers({ changed: [{ ...member, ...changes }] }) : [];
  }

  #noteChanges(members, verb, time) {
    for (const { id, name } of members) {
      if (id === this.you?.id) continue;
      this.#noteCount += 1;
      // The words of a note are in the language of the page, which may change.
      this.#add({ ...this.#entry('note', { time }), key: `note ${this.#noteCount}`, name, verb });
    }
  }

  #entry(kind, { id = null, time, text = '' }) {
    return {
      key: String(id), kind, id, from: null, name: '', text, time, isOwn: false, isMention: false, poll: null,
    };
  }

  #chatEntry(message) {
    const isOwn = message.from === this.you?.id;
    const isMention = !isOwn && this.you !== null && mentions(message.text, this.you.name);
    return { ...this.#entry('chat', message), from: message.from, name: message.name, isOwn, isMention };
  }

  #add(entry) {
    if (this.entries.some(({ key }) => key === entry.key)) return [];
    this.entries = [...this.entries, entry].slice(-MOST_ENTRIES);
    return ['entries'];
  }

  #delete({ message }) {
    const key = String(message);
    this.entries = this.entries.map((entry) =>
      (entry.key === key ? { ...entry, kind: 'deleted', text: '', isMention: false } : entry));
    return ['entries'];
  }

  #useScore(message) {
    const text = scoreText(message);
    this.score = { ...message, text };
    return [...this.#add(this.#entry('score', { ...message, text })), 'board'];
  }

  #usePoll(message) {
    if (message.vote !== undefined && !this.#votedPolls.has(message.poll)) this.votes.set(message.poll, message.vote);
    if (message.open) {
      this.polls.set(message.poll, message);
      return ['board'];
    }
    this.polls.delete(message.poll);
    return [...this.#add({ ...this.#entry('result', { ...message, text: message.question }), poll: message }), 'board'];
  }
}
