// The wake lock: keeps a phone awake while a person talks.

export class WakeLock {
  #isWanted = false;
  #lock = null;

  constructor() {
    // The browser takes the lock away while the page is hidden.
    document.addEventListener('visibilitychange', () => this.#request());
  }

  /** @param {boolean} isWanted */
  want(isWanted) {
    if (isWanted === this.#isWanted) return;
    this.#isWanted = isWanted;
    if (isWanted) {
      this.#request();
    } else {
      this.#lock?.release();
      this.#lock = null;
    }
  }

  async #request() {
    if (!this.#isWanted || document.hidden || !navigator.wakeLock) return;
    try {
      const lock = await navigator.wakeLock.request('screen');
      if (this.#isWanted) this.#lock = lock;
      else lock.release();
    } catch {
      // A browser that saves power refuses. The screen then goes off as it always does.
    }
  }
}
