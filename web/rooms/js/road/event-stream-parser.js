// Server-sent events, from text that comes in pieces of any length.

/** The HTML Standard, section 9.2.6, without `retry`. */
export class EventStreamParser {
  #rest = '';
  #data = [];
  #id = null;
  #event = 'message';

  /**
   * @param {string} text
   * @returns {{event: string, id: string?, data: string}[]} the events that `text` completes. `id` is the latest ID so
   *   far.
   */
  push(text) {
    // A carriage return at the end may be the first half of a line end.
    const lines = (this.#rest + text).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop();
    return lines.flatMap((line) => this.#take(line));
  }

  #take(line) {
    if (line === '') {
      const event = { event: this.#event, id: this.#id, data: this.#data.join('\n') };
      const isEvent = this.#data.length > 0;
      this.#data = [];
      this.#event = 'message';
      return isEvent ? [event] : [];
    }
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'data') this.#data.push(value);
    if (field === 'id') this.#id = value;
    if (field === 'event') this.#event = value;
    return [];
  }
}
