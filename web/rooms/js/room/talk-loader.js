// The voices of the room: their modules are loaded in a room whose server mixes voices.

export class TalkLoader {
  #find;
  #room;
  #talk = null;
  #isLoading = false;

  /**
   * @param {(id: string) => HTMLElement} find
   * @param {object} room what `createTalk` needs of the room
   */
  constructor(find, room) {
    this.#find = find;
    this.#room = room;
  }

  /** Shows the voices. Only the first time counts. */
  async open() {
    if (this.#isLoading) return;
    this.#isLoading = true;
    document.head.append(this.#find('talk-modules').content);
    let createTalk;
    try {
      ({ createTalk } = await import('../talk/talk.js'));
    } catch {
      // The next welcome tries again.
      this.#isLoading = false;
      return;
    }
    const container = this.#find('voice');
    container.hidden = false;
    this.#talk = createTalk({ ...this.#room, container });
  }

  /** The voices; null while they are not loaded. */
  get talk() {
    return this.#talk;
  }

  /** Whether the own mute is that of the voices. */
  get isInUse() {
    return this.#talk?.isInUse === true;
  }

  /** The page leaves the room. */
  hangUp() {
    this.#talk?.hangUp();
  }
}
