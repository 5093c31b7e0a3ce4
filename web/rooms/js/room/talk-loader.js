// The voices of the room: their modules are loaded in a room whose server mixes voices.

export class TalkLoader {
  #find;
  #room;
  #talk = null;
  #isLoading = false;
  #load;

  /**
   * @param {(id: string) => HTMLElement} find
   * @param {object} room what `createTalk` needs of the room
   * @param {() => Promise<{createTalk: (room: object) => object}>} [load] loads the modules
   */
  constructor(find, room, load = async () => await import('../talk/talk.js')) {
    this.#find = find;
    this.#room = room;
    this.#load = load;
  }

  /** Shows the voices. Only the first time counts. */
  async open() {
    if (this.#isLoading) return;
    this.#isLoading = true;
    document.head.append(this.#find('talk-modules').content);
    // A host may ask for the air before the modules are there.
    const missed = [];
    const note = ({ message }) => { if (message.type === 'air_request') missed.push(message); };
    this.#room.connection.addEventListener('message', note);
    let createTalk;
    try {
      ({ createTalk } = await this.#load());
    } catch {
      // The next welcome tries again.
      this.#isLoading = false;
      return;
    } finally {
      this.#room.connection.removeEventListener('message', note);
    }
    const container = this.#find('voice');
    container.hidden = false;
    this.#talk = createTalk({ ...this.#room, container, missed });
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
