// What is really heard: listens to the output, a media element or one that behaves like it.

/**
 * Events: `stall` when the sound has stopped for want of data, `sound` when it begins or goes on, `change` when anything here may have changed.
 */
export class PlaybackMonitor extends EventTarget {
  /** Times that the sound stopped for want of data. */
  stalls = 0;
  /** Seconds of sound heard. */
  heardSeconds = 0;

  #output = null;
  #listeners = new AbortController();
  #isSounding = false;
  #heardAt = null;

  /**
   * Listens to this output from now on.
   * @param {HTMLMediaElement} output
   * @param {() => boolean} isWanted whether silence is a fault
   * @returns {AbortSignal} fires when it is left
   */
  watch(output, isWanted) {
    this.unwatch();
    this.#output = output;
    const { signal } = this.#listeners;
    const on = (type, listener) => output.addEventListener(type, listener, { signal });
    on('waiting', () => {
      if (this.#isSounding && !output.seeking && isWanted()) {
        this.stalls++;
        this.#tell('stall');
      }
      this.#isSounding = false;
      this.#tell('change');
    });
    on('seeking', () => {
      this.#isSounding = false;
      this.#heardAt = null;
    });
    on('playing', () => {
      this.#tell('sound');
      this.#tell('change');
    });
    on('timeupdate', () => {
      this.#count();
      this.#tell('change');
    });
    return signal;
  }

  unwatch() {
    this.#listeners.abort();
    this.#listeners = new AbortController();
    this.#isSounding = false;
    this.#heardAt = null;
  }

  /** Whether it plays at this moment. */
  get isSounding() {
    const output = this.#output;
    return output !== null && !output.paused && !output.seeking
      && output.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA;
  }

  /** Adds up what was heard; a leap of the playhead is not listening. */
  #count() {
    const output = this.#output;
    const time = output.currentTime;
    const seconds = this.#heardAt === null ? 0 : time - this.#heardAt;
    this.#heardAt = time;
    if (output.paused || output.seeking || seconds <= 0) return;
    this.heardSeconds += seconds;
    this.#isSounding = true;
  }

  #tell(type) {
    this.dispatchEvent(new Event(type));
  }
}
