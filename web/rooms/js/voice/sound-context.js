// The sound context: the one AudioContext of a page, for its loudspeaker and, where needed, its microphone. Firefox
// cancels the echo only of sound that plays in the microphone's own context.

import { outputLatency } from '../../../js/sound/output-clock.js';

const MODULES = ['voice-playback.js', 'capture.js'].map((name) => new URL(`../../../worklet/${name}`, import.meta.url));
/** A browser that lets the page play does so within this time, ms. */
const PATIENCE_MS = 300;

/** Events: `change` when the context begins or ceases to run. */
export class SoundContext extends EventTarget {
  #context = null;
  #opened = null;
  #listeners = new AbortController();

  /**
   * The context with the worklets. Only the first call makes it, and the first one after a failure.
   * @returns {Promise<AudioContext>}
   * @throws {Error} a worklet did not come
   */
  open() {
    this.#opened ??= this.#open().catch((error) => {
      this.close();
      throw error;
    });
    return this.#opened;
  }

  async #open() {
    const context = newContext();
    this.#context = context;
    context.addEventListener('statechange', () => this.dispatchEvent(new Event('change')));
    // Browsers let a page play after a gesture. Phones also suspend the context during a phone call.
    for (const type of ['pointerup', 'keydown', 'touchend']) {
      document.addEventListener(type, () => this.#resume(), { signal: this.#listeners.signal, capture: true });
    }
    document.addEventListener('visibilitychange', () => this.#resume(), { signal: this.#listeners.signal });
    this.#resume();
    // A page that came without https has no worklets.
    if (context.audioWorklet) await Promise.all(MODULES.map((module) => context.audioWorklet.addModule(module)));
    return context;
  }

  get isRunning() {
    return this.#context?.state === 'running';
  }

  /** @returns {Promise<boolean>} whether the browser lets the page play now, without a gesture of the person */
  async mayPlay() {
    await this.open();
    if (this.isRunning) return true;
    const patience = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
    await Promise.race([this.#context.resume(), patience]);
    return this.isRunning;
  }

  /** The time from the context to the loudspeaker, ms; 0 where the browser does not tell. */
  get latency() {
    return this.#context ? 1000 * outputLatency(this.#context) : 0;
  }

  close() {
    this.#listeners.abort();
    this.#context?.close();
    this.#context = this.#opened = null;
    this.#listeners = new AbortController();
    this.dispatchEvent(new Event('change'));
  }

  #resume() {
    if (this.#context && this.#context.state !== 'running' && this.#context.state !== 'closed') {
      this.#context.resume().catch(() => {
        // Without a gesture the browser refuses. The next gesture comes here again.
      });
    }
  }
}

/** A context at the device's own rate. Firefox refuses a microphone in a context of another rate. */
function newContext() {
  try {
    // The smallest buffers. Some browsers take only words.
    return new AudioContext({ latencyHint: 0 });
  } catch {
    return new AudioContext({ latencyHint: 'interactive' });
  }
}
