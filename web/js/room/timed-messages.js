// The messages of a stream's room, each with the date of the sound at its moment: a listener sees a message when its
// sound is heard.

/** At most this number of messages is kept. */
const MOST_MESSAGES = 1000;
/** A message that takes something back counts wherever the listener is. */
const TYPES_AT_ONCE = ['deleted'];

/**
 * @typedef {object} RoomMessage
 * @property {string} type
 * @property {number} id the room's number of the message
 * @property {string} time RFC 3339
 * @property {string} [date] RFC 3339, of the sound at that moment; missing where the stream had no sound
 * @property {number} [from] the member who wrote a chat message
 */

export class TimedMessages {
  /** In the order of their numbers. @type {{message: RoomMessage, date: number}[]} */
  #messages = [];

  /**
   * @param {RoomMessage} message
   * @returns {boolean} whether the message is new
   */
  add(message) {
    const place = this.#messages.findLastIndex((other) => other.message.id <= message.id);
    if (this.#messages[place]?.message.id === message.id) return false;
    this.#messages.splice(place + 1, 0, { message, date: dateOf(message) });
    this.#messages = this.#messages.slice(-MOST_MESSAGES);
    return true;
  }

  /**
   * The messages to show.
   * @param {number?} date milliseconds since 1970 of the sound that is heard; null where no sound is heard, which asks
   *   for all messages
   * @param {number?} you the member who looks: people see their own messages at once
   * @returns {RoomMessage[]} in the order of their numbers
   */
  due(date, you = null) {
    return this.#messages.filter((entry) => isDue(entry, date, you)).map(({ message }) => message);
  }

  /** The messages that wait for their sound. */
  waiting(date, you = null) {
    return this.#messages.filter((entry) => !isDue(entry, date, you)).map(({ message }) => message);
  }

  /** Milliseconds until the next message is due; Infinity where none waits. */
  msUntilNext(date) {
    if (date === null) return Infinity;
    return Math.min(...this.#messages.filter((entry) => entry.date > date).map((entry) => entry.date - date));
  }
}

/** @returns {number} milliseconds since 1970 */
const dateOf = ({ date, time }) => Date.parse(date ?? time);

const isDue = ({ message, date }, heardDate, you) =>
  heardDate === null || date <= heardDate || TYPES_AT_ONCE.includes(message.type)
  || you !== null && message.type === 'chat' && message.from === you;
