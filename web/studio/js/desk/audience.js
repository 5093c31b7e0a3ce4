// The number of listeners, asked for again and again while the page is there.

/** A page on the air is often hidden behind other windows, and shows the number when it comes back. */
const INTERVAL_MS = 5000;

export class Audience {
  #ask;
  #show;
  #timer;

  /**
   * @param {() => Promise<number?>} ask
   * @param {(count: number?) => void} show gets null where the number is unknown
   */
  constructor(ask, show) {
    this.#ask = ask;
    this.#show = show;
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden && this.#timer !== undefined) this.#round();
    });
  }

  start() {
    if (this.#timer === undefined) this.#round();
  }

  async #round() {
    clearTimeout(this.#timer);
    this.#timer = null;
    try {
      this.#show(await this.#ask());
    } catch {
      this.#show(null);
    }
    clearTimeout(this.#timer);
    if (!document.hidden) this.#timer = setTimeout(() => this.#round(), INTERVAL_MS);
  }
}
