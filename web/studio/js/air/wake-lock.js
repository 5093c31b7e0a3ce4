// The wake lock: the screen of a phone stays on, because a phone that sleeps ends the sound.

export class WakeLock {
  #isWanted = false;
  #lock = null;

  /** @param {Navigator} device @param {Document} page */
  constructor(device = navigator, page = document) {
    this.#request = async () => {
      if (!this.#isWanted || this.#lock !== null || page.hidden) return;
      try {
        const lock = await device.wakeLock?.request('screen');
        if (!lock) return;
        this.#lock = lock;
        // The browser takes the lock back where the page is hidden.
        lock.addEventListener('release', () => { this.#lock = null; });
        if (!this.#isWanted) await lock.release();
      } catch {
        // The battery is low, or the browser forbids the lock. The sound goes on.
      }
    };
    page.addEventListener('visibilitychange', () => this.#request());
  }

  #request;

  get isHeld() {
    return this.#lock !== null;
  }

  /** @param {boolean} isWanted */
  want(isWanted) {
    this.#isWanted = isWanted;
    if (isWanted) this.#request();
    else this.#lock?.release();
  }
}
