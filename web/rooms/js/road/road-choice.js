// The choice of the road: WebSocket, below that event stream and POST, below that long polling.

/** From the best road to the road that every network lets through. */
export const ROADS = ['socket', 'events', 'polling'];

/** A road that has worked before gets this many attempts in a row before the next road is tried. */
const PATIENCE = 3;

/**
 * @typedef {object} Loss
 * @property {boolean} worked whether the road carried messages from the server
 * @property {boolean} reached whether the server was reached at all. A WebSocket never tells.
 */

export class RoadChoice {
  road = ROADS[0];
  #failures = 0;
  /** The road that worked last; null before the first. */
  #proven = null;

  /** Begins with the best road again, because the network may be another one. */
  reset() {
    this.road = ROADS[0];
    this.#failures = 0;
    this.#proven = null;
  }

  /**
   * Chooses the next road after `road` is lost.
   * @param {Loss & {hasSound?: boolean}} loss `hasSound`: the page has sound, which only a WebSocket carries. Where one has
   *   worked, the server is away, and no other road is of use.
   * @returns {boolean} whether to try the next road at once; otherwise after a wait
   */
  lost({ worked, reached, hasSound = false }) {
    if (worked) {
      this.#proven = this.road;
      this.#failures = 0;
      return false;
    }
    this.#failures += 1;
    if (this.road === this.#proven && (this.#failures < PATIENCE || hasSound && this.road === 'socket')) return false;
    // Only a request with an answer shows that the road is at fault, and not the server.
    const mayDescend = this.road === 'socket' || this.road === 'events' && reached;
    if (!mayDescend) {
      if (!reached) this.road = this.#proven ?? ROADS[0];
      this.#failures = 0;
      return false;
    }
    this.road = ROADS[ROADS.indexOf(this.road) + 1];
    this.#failures = 0;
    return true;
  }
}
