// The playback monitor: it finds out from the events of an output whether the listener hears sound.

/**
 * Events: `stall` when the sound has stopped for lack of data, `sound` when it begins or resumes, `change` when
 * anything here may have changed.
 */
export class PlaybackMonitor extends EventTarget {
  /** The number of stalls. */
  stalls = 0;
  /** Seconds of sound heard. */
  heardSeconds = 0;

  #output = null;
  #listeners = new AbortController();
  #isSounding = false;
  #heardAt = null;

  /**
   * Watches this output from now on.
   * @param {HTMLMediaElement} output or an object with the same interface
   * @param {() => boolean} isWanted whether silence is a stall
   * @returns {AbortSignal} aborted when the monitor leaves this output
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

  /** Leaves the output. */
  unwatch() {
    this.#listeners.abort();
    this.#listeners = new AbortController();
    this.#isSounding = false;
    this.#heardAt = null;
  }

  /** Whether the output plays sound at this moment. */
  get isSounding() {
    const output = this.#output;
    return output !== null && !output.paused && !output.seeking
      && output.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA;
  }

  /** Adds up the sound that was heard. A jump of the playhead does not count. */
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
