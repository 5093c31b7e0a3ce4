// The piece sender: sends the pieces of one still while the line is free, between the sound packets. Pure: its user tells
// the time.

/** While more waits in the page for the network, no piece is sent: a few text messages, or a sound packet. */
const MOST_WAITING_BYTES = 300;
/** A still that is not sent after this time is given up, ms. */
const PATIENCE_MS = 1000;

export class PieceSender {
  /** Stills that were given up. */
  givenUp = 0;

  #road;
  #pieces = [];
  #startedAt = 0;

  /** @param {{waitingBytes: number, sendSound: (packet: ArrayBuffer) => boolean}} road */
  constructor(road) {
    this.#road = road;
  }

  get isBusy() {
    return this.#pieces.length > 0;
  }

  /** @param {ArrayBuffer[]} pieces of a still @param {number} now ms */
  send(pieces, now) {
    this.#pieces = [...pieces];
    this.#startedAt = now;
    this.goOn(now);
  }

  /** Sends a piece, if the line is free. @param {number} now ms */
  goOn(now) {
    if (!this.isBusy) return;
    if (now - this.#startedAt > PATIENCE_MS) this.#giveUp();
    else if (this.#road.waitingBytes <= MOST_WAITING_BYTES && !this.#road.sendSound(this.#pieces.shift())) this.#giveUp();
  }

  stop() {
    this.#pieces = [];
  }

  #giveUp() {
    this.stop();
    this.givenUp += 1;
  }
}
