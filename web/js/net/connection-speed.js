// The connection's speed: it tells a connection that is too slow for the stream from one that waits for the server.

/** The newest seconds that count. */
const WINDOW_SECONDS = 20;
/** Fewer seconds with bytes tell nothing. */
const MIN_SECONDS = 8;
/** The stream's bytes come in at least at this part of its bit rate, unless the connection is slower. */
const ENOUGH = 0.9;

/**
 * Counts the bytes of sound that came in each second. A second without bytes is a wait for the server, or an outage, and
 * does not count. Sound that waits at the server comes faster than it plays, and sound that is being recorded comes as
 * fast as it plays. So only a slow connection delivers less in the seconds that count.
 */
export class ConnectionSpeed {
  /** The oldest first. @type {{second: number, bytes: number}[]} */
  #seconds = [];

  /** Bytes of sound have come. @param {number} now seconds of a monotonic clock */
  received(bytes, now) {
    const second = Math.floor(now);
    const last = this.#seconds.at(-1);
    if (last?.second === second) last.bytes += bytes;
    else this.#seconds.push({ second, bytes });
    while (this.#seconds[0].second < second - WINDOW_SECONDS) this.#seconds.shift();
  }

  /**
   * Whether the connection is slower than a stream of this bit rate.
   * @param {number?} bitsPerSecond null where unknown
   */
  isTooSlow(bitsPerSecond, now) {
    // The present second is not over.
    const present = Math.floor(now);
    const seconds = this.#seconds.filter(({ second }) => second < present && second >= present - WINDOW_SECONDS);
    if (bitsPerSecond === null || seconds.length < MIN_SECONDS) return false;
    const bytes = seconds.reduce((sum, second) => sum + second.bytes, 0);
    return bytes * 8 < ENOUGH * bitsPerSecond * seconds.length;
  }
}
