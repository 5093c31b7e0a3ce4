// The start hold: keeps the decoded sound of a start back until all of that sound is decoded. Pure.
//
// A decoder that has just begun gives its first frames one by one, and the main thread of a new page is busy. Sound
// that is played from the first decoded frame on has holes, although all frames are there.

export class StartHold {
  /** The number of frames that a release waits for; null while nothing is held. */
  #awaited = null;
  #held = [];
  /** Whether the sound of a start was released and is not heard yet. */
  #isReleased = false;

  /**
   * Frames go to the decoder.
   * @param {number} count of frames
   * @param {boolean} isStarved whether the output is silent because it has no sound
   */
  decoding(count, isStarved) {
    if (this.#awaited === null) {
      if (isStarved && !this.#isReleased) this.#awaited = count;
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
    if (this.#awaited === null) return [sound];
    this.#held.push(sound);
    return this.#held.length >= this.#awaited ? this.#end(true) : [];
  }

  /** The output is heard: the next silence ends with another start. */
  sounded() {
    this.#isReleased = false;
  }

  /** The start is not wanted any more, or no more frames come. @returns {T[]} the sound that was held @template T */
  release() {
    return this.#end(false);
  }

  #end(isReleased) {
    const held = this.#held;
    this.#held = [];
    this.#awaited = null;
    this.#isReleased = isReleased;
    return held;
  }
}
