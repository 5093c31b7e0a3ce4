// The recorder of a take: a piece each second, and the time without pauses.

const PIECE_MS = 1000;

/** Events: `ended` when the recorder has given its last piece; `lost` when the browser does not give the bytes of a piece. */
export class TakeRecorder extends EventTarget {
  #recorder;
  #take;
  #before = 0;
  #since = null;

  /** @param {MediaStreamTrack} track @param {import('./take.js').Take} take */
  constructor(track, take) {
    super();
    this.#take = take;
    this.#recorder = new MediaRecorder(new MediaStream([track]), { mimeType: take.facts.type });
    let last = Promise.resolve();
    this.#recorder.addEventListener('dataavailable', ({ data }) => {
      const seconds = this.seconds;
      // One piece without its bytes must not keep back the others.
      last = last.then(async () => take.append(await data.arrayBuffer(), seconds))
        .catch(() => this.dispatchEvent(new Event('lost')));
    });
    this.#recorder.addEventListener('stop', async () => {
      this.#hold();
      await last;
      await take.kept();
      await take.update({ isEnded: true });
      this.dispatchEvent(new Event('ended'));
    });
  }

  start() {
    this.#recorder.start(PIECE_MS);
    this.#since = performance.now();
  }

  get isPaused() { return this.#recorder.state === 'paused'; }

  /** Seconds of sound. */
  get seconds() {
    return (this.#before + (this.#since === null ? 0 : performance.now() - this.#since)) / 1000;
  }

  pause() {
    this.#recorder.pause();
    this.#hold();
  }

  resume() {
    this.#recorder.resume();
    this.#since = performance.now();
  }

  stop() { if (this.#recorder.state !== 'inactive') this.#recorder.stop(); }

  #hold() {
    this.#before = 1000 * this.seconds;
    this.#since = null;
  }
}
