// The place of the page: before the door or in the room; and the state of the connection, where it is of use to know.

import { setWords } from '../chat/elements.js';
import { connectionSentence, errorSentence } from '../text/sentences.js';

/** An interruption that is shorter than this is not shown. */
const PATIENCE_MS = 2000;
/** An error of the running room is shown for this long. */
const ERROR_MS = 8000;
const OUTSIDE = ['refused', 'ended', 'outside'];

export class PlaceView {
  #find;
  #client;
  #status;
  #lossTimer;
  #errorTimer;

  /**
   * @param {(id: string) => HTMLElement} find
   * @param {object} client
   * @param {ReturnType<import('./door.js').makeDoor>} client.door
   * @param {() => string} client.name for the form of the door
   * @param {() => void} client.onInside the page comes into the room
   * @param {() => void} client.onOutside the page is out of the room
   */
  constructor(find, client) {
    this.#find = find;
    this.#client = client;
  }

  /** @param {{phase: string, error: object?, road: string, retryAt: number?}} status of the connection */
  show(status) {
    this.#status = status;
    const { phase } = status;
    document.body.dataset.phase = phase;
    this.#client.door.setBusy(phase === 'joining');
    if (OUTSIDE.includes(phase)) this.#leave();
    if (phase === 'joining' && this.#status.retryAt !== null) this.#waitOutside();
    if (phase === 'joined' && document.body.dataset.place !== 'inside') this.#enter();
    clearTimeout(this.#lossTimer);
    if (phase === 'rejoining') this.#lossTimer = setTimeout(() => this.#showConnection(), PATIENCE_MS);
    else if (phase !== 'joining') this.#showConnection();
  }

  /** Shows for a while why the server has refused a message. */
  showError(error) {
    setWords(this.#find('trouble'), () => errorSentence(error));
    clearTimeout(this.#errorTimer);
    this.#errorTimer = setTimeout(() => this.#showConnection(), ERROR_MS);
  }

  #showConnection() {
    const status = this.#status;
    setWords(this.#find('trouble'), () => connectionSentence(status));
  }

  #enter() {
    this.#move('inside');
    this.#client.door.hide();
    this.#client.onInside();
  }

  #leave() {
    this.#move('door');
    this.#client.onOutside();
    this.#client.door.show(this.#status.phase, this.#status.error, this.#client.name());
  }

  /** The server does not answer, and the page has not been in the room yet. */
  #waitOutside() {
    if (document.body.dataset.place === 'waiting') {
      this.#move('door');
      this.#client.door.show('joining', null, this.#client.name());
    }
    const status = this.#status;
    this.#client.door.tell(() => connectionSentence(status));
  }

  #move(place) {
    document.body.dataset.place = place;
    for (const id of ['inside', 'members-panel']) this.#find(id).hidden = place !== 'inside';
  }
}
