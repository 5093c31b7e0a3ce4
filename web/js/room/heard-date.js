// Follows the date of the sound that is heard, for messages that wait for their sound.

/** The shortest wait: a browser's clock goes in steps. */
const LEAST_WAIT_MS = 10;
/** A longer wait ends earlier, because the playhead may move otherwise meanwhile. */
const MOST_WAIT_MS = 1000;

export class HeardDate {
  #player;
  #ticker;
  #timer;
  /** The latest date that was known. While the playhead jumps, there is none. */
  #date = null;

  /**
   * @param {import('../playback/player.js').Player} player
   * @param {EventTarget} ticker its `tick` events look again
   */
  constructor(player, ticker) {
    this.#player = player;
    this.#ticker = ticker;
  }

  /**
   * Tells the date to the follower, at least at each moment at which the follower has something to show.
   * @param {{moveTo: (date: number?) => void, msUntilNext: number, onMessages: () => void}} follower
   */
  follow(follower) {
    const look = () => {
      clearTimeout(this.#timer);
      follower.moveTo(this.#read());
      const wait = follower.msUntilNext / this.#rate;
      if (!this.#player.monitor.isSounding || wait > MOST_WAIT_MS) return;
      this.#timer = setTimeout(look, Math.max(LEAST_WAIT_MS, wait));
    };
    this.#player.addEventListener('change', look);
    this.#ticker.addEventListener('tick', look);
    follower.onMessages = look;
    look();
  }

  /** Milliseconds since 1970; null where nothing was heard yet, or where the stream is heard to its end. */
  #read() {
    if (this.#player.isEnded) return null;
    this.#date = this.#player.heardDate ?? this.#date;
    return this.#date;
  }

  get #rate() {
    return this.#player.engine?.output.playbackRate || 1;
  }
}
