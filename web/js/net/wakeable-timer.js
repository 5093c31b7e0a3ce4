// A wait that a timer, an event or a command can end.

import { now } from './clock.js';

/**
 * A browser may fire the timers of a hidden page only once a minute. The page's media element still plays, and its
 * downloads still finish. So a wait that is due also ends at a `check`, which any event may call.
 */
export class WakeableTimer {
  #due = Infinity;
  #timer;
  #wake = null;

  /**
   * Resolves at `due` (seconds of the monotonic clock) or at `wake`. Only one wait at a time is possible.
   */
  until(due) {
    return new Promise((resolve) => {
      this.#due = due;
      this.#wake = resolve;
      if (due < Infinity) this.#timer = setTimeout(() => this.wake(), Math.max(0, due - now()) * 1000);
    });
  }

  /** Ends the wait if it is due. */
  check() {
    if (now() >= this.#due) this.wake();
  }

  /** Ends the wait at once. */
  wake() {
    clearTimeout(this.#timer);
    this.#due = Infinity;
    this.#wake?.();
    this.#wake = null;
  }
}
