// The gate: decides whether the microphone is open, and what the server is told about that. Pure.

/**
 * The server tells the state of a member at most twice a second. A state that differs from what this page has told for
 * longer than this, ms, is the will of a host.
 */
const SETTLED_MS = 1500;

export class Gate {
  /** Whether the person has spoken up: before that the microphone is closed. */
  isSpeaking = false;
  /** The person's own switch. */
  isMuted = false;
  isPushToTalk = false;
  /** Whether the key of push to talk is held. */
  isPushed = false;
  isCoughing = false;
  /** Whether a host has muted this member. */
  isMutedByHost = false;

  #told = null;
  #toldAt = -Infinity;
  #known = null;

  get isOpen() {
    if (!this.isSpeaking || this.isCoughing || this.isMutedByHost) return false;
    return this.isPushToTalk ? this.isPushed : !this.isMuted;
  }

  /** A page that comes to the room, or comes back, tells its state anew. */
  forget() {
    this.#told = null;
    this.#known = null;
    this.isMutedByHost = false;
  }

  /**
   * What the server has to be told.
   * @param {number} now ms of a monotonic clock
   * @returns {boolean?} whether this member is muted; null where the server knows
   */
  news(now) {
    const isMuted = !this.isOpen;
    if (this.isMutedByHost || isMuted === this.#told) return null;
    this.#told = isMuted;
    this.#toldAt = now;
    return isMuted;
  }

  /** Takes the state of this member from the server. @param {boolean} isMuted @param {number} now ms */
  note(isMuted, now) {
    this.#known = isMuted;
    this.settle(now);
  }

  /** Whether the server's word differs from this page's, so that `settle` has to be called later. */
  get isUnsettled() {
    return this.#known !== null && this.#told !== null && (this.isMutedByHost || this.#known !== this.#told);
  }

  /** Finds out whether a host has muted this member, or no longer does. @param {number} now ms */
  settle(now) {
    if (this.isMutedByHost && this.#known === false) {
      this.isMutedByHost = false;
      // The person decides when to be heard again.
      this.isMuted = true;
      this.#told = false;
      return;
    }
    if (!this.isUnsettled || now - this.#toldAt < SETTLED_MS) return;
    if (this.#known) {
      this.isMutedByHost = true;
      this.#told = true;
    } else {
      // The server has not heard, or has forgotten.
      this.#told = null;
    }
  }
}
