// Waiting for a moment, with more than one clock to wake up by.

import { now } from './clock.js';

/**
 * A hidden page's timers may fire as seldom as once a minute, while its media element goes on playing and its downloads
 * go on finishing. So a wait ends at its moment by whatever comes first: its timer, or a `check` called from any event.
 */
export class WakeableTimer {
  #due = Infinity;
  #timer;
  #wake = null;

  /** Resolves when `due` has come, or at `ring`. One waits at a time. */
  until(due) {
    return new Promise((resolve) => {
      this.#due = due;
      this.#wake = resolve;
      if (due < Infinity) this.#timer = setTimeout(() => this.wake(), Math.max(0, due - now()) * 1000);
    });
  }

  /** Ends the wait if its moment has come. */
  check() {
    if (now() >= this.#due) this.wake();
  }

  /** Ends the wait, whatever the time. */
  wake() {
    clearTimeout(this.#timer);
    this.#due = Infinity;
    this.#wake?.();
    this.#wake = null;
  }
}
