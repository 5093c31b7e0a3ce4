// The start hold: keeps the decoded sound of a start back until all of that sound is decoded. Pure.
//
// A decoder that has just begun gives its first frames one by one, and the main thread of a new page is busy. Sound that
// is played from the first decoded frame on has holes, although all frames are there.

export class StartHold {
  /** The number of frames that a release waits for; null while nothing is held. */
  #awaited = null;
  #held = [];

  /**
   * Frames go to the decoder.
   * @param {number} count of frames
   * @param {boolean} isStarved whether the output is silent because it has no sound
   */
  decoding(count, isStarved) {
    if (this.#awaited === null) {
      if (isStarved) this.#awaited = count;
    } else if (this.#held.length === 0) {
      // These frames belong to the start, too. Later frames follow the start.
      this.#awaited += count;
    }
  }

  /**
   * A frame comes from the decoder.
   * @param {T} sound of the frame
   * @returns {T[]} the sound to play now
   * @template T
   */
  decoded(sound) {
    this.#held.push(sound);
    return this.#awaited === null || this.#held.length >= this.#awaited ? this.release() : [];
  }

  /** Ends the hold. @returns {T[]} the sound that was held @template T */
  release() {
    const held = this.#held;
    this.#held = [];
    this.#awaited = null;
    return held;
  }
}
