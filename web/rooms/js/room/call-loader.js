// The call of the room: its modules are loaded in a room that has calls, and get the room's messages.

export class CallLoader {
  #find;
  #room;
  #call = null;
  #isLoading = false;
  #listeners = new Map();

  /**
   * @param {(id: string) => HTMLElement} find
   * @param {{send: Function, members: Function, you: Function}} room what `createCall` needs of the room
   */
  constructor(find, room) {
    this.#find = find;
    this.#room = room;
  }

  /**
   * Shows the call. Only the first time counts.
   * @param {Promise<void>} above the part of the page above the call: once that is shown, no button of the call moves away
   *   under the pointer
   */
  async open(above) {
    if (this.#isLoading) return;
    this.#isLoading = true;
    document.head.append(this.#find('call-modules').content);
    let createCall;
    try {
      ({ createCall } = await import('../call/call.js'));
      await above;
    } catch {
      // The next welcome tries again.
      this.#isLoading = false;
      return;
    }
    const container = this.#find('call');
    container.hidden = false;
    const on = (type, listener) => this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener]);
    this.#call = createCall({ ...this.#room, container, on });
  }

  /** Hands a message from the server on to the call. */
  tell(message) {
    for (const listener of this.#listeners.get(message.type) ?? []) listener(message);
  }

  /** The page leaves the room. */
  hangUp() {
    this.#call?.hangUp();
  }
}
