// The candidate batch: it gathers ICE candidates for a moment and hands them on together, because a room limits the
// messages that a member may send in a second.

const GATHER_MS = 80;

export class CandidateBatch {
  #candidates = [];
  #timer = null;
  #send;

  /** @param {(candidates: RTCIceCandidateInit[]) => void} send */
  constructor(send) {
    this.#send = send;
  }

  /** @param {RTCIceCandidateInit} candidate */
  add(candidate) {
    this.#candidates.push(candidate);
    this.#timer ??= setTimeout(() => this.#flush(), GATHER_MS);
  }

  close() {
    clearTimeout(this.#timer);
    this.#candidates = [];
  }

  #flush() {
    const candidates = this.#candidates;
    [this.#candidates, this.#timer] = [[], null];
    if (candidates.length > 0) this.#send(candidates);
  }
}
