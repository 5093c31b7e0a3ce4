// An output that has those parts of a media element's interface that the player uses. A worklet makes its sound.

import { outputLatency } from '../../sound/output-clock.js';

const PROCESSOR = new URL('../../../worklet/playback.js', import.meta.url);
/** In a hidden page the sound may be suspended. After this time another engine must play. */
const SUSPENDED_SECONDS = 1;
/** From this time on the context's clock runs steadily. Before that the device fills its own buffer at once. */
const RUNNING_SECONDS = 0.12;
/** The clock is polled at this interval. */
const POLL_MS = 5;
/** The interval of `timeupdate` events, as in media elements. */
const TICK_MS = 250;

/**
 * Events: `play`, `pause`, `playing`, `waiting`, `timeupdate` as in a media element; `error` (with `error`) when the
 * output must be replaced.
 */
export class WorkletOutput extends EventTarget {
  paused = true;
  seeking = false;
  ended = false;
  /** Whether the output is silent because it has no data. */
  isStarved = true;

  #element;
  #context = null;
  #gain;
  #node;
  #opened = null;
  #isOpen = false;
  #haveContext;
  #hasContext = new Promise((resolve) => { this.#haveContext = resolve; });
  #sampleRate = 0;
  #rate = 1;
  /** The worklet's last report: samples played, the context's time in seconds, whether it sounds. */
  #report = { position: 0, time: 0, isSounding: false };
  #written = 0;
  #ticker;
  #suspendedAt = null;
  #listeners = new AbortController();

  /** @param {HTMLMediaElement} element has the volume */
  constructor(element) {
    super();
    this.#element = element;
    element.addEventListener('volumechange', () => this.#setVolume(), { signal: this.#listeners.signal });
    this.#ticker = setInterval(() => this.#tick(), TICK_MS);
  }

  /** Starts the device at the sample rate of the sound. Resolves when the device's clock runs. */
  open(sampleRate) {
    if (sampleRate !== this.#sampleRate) {
      this.#context?.close();
      this.#isOpen = false;
      this.#sampleRate = sampleRate;
      this.#opened = this.#open(new AudioContext({ sampleRate, latencyHint: 'interactive' }));
    }
    return this.#opened;
  }

  async #open(context) {
    this.#context = context;
    this.#haveContext();
    await context.audioWorklet.addModule(PROCESSOR).catch((error) => {
      if (context.state !== 'closed') throw error;
    });
    if (context.state === 'closed') return;
    this.#gain = new GainNode(context);
    this.#node = new AudioWorkletNode(context, 'ringcast-playback', { numberOfInputs: 0, outputChannelCount: [2] });
    this.#node.connect(this.#gain).connect(context.destination);
    this.#node.port.onmessage = ({ data }) => this.#hear(data);
    this.#node.onprocessorerror = () => this.#fail(new Error('the worklet has failed'));
    this.#setVolume();
    this.#post({ isPlaying: !this.paused, rate: this.#rate });
    while (context.state !== 'running' && context.state !== 'closed') {
      await new Promise((resolve) => context.addEventListener('statechange', resolve, { once: true }));
    }
    while (context.currentTime < RUNNING_SECONDS && context.state !== 'closed') {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    this.#isOpen = context === this.#context && context.state !== 'closed';
  }

  get isRunning() {
    return this.#isOpen && this.#context.state === 'running';
  }

  /** Seconds of sound that the device has received. */
  get position() {
    const { position, time, isSounding } = this.#report;
    const since = isSounding && !this.paused ? Math.max(0, this.#context.currentTime - time) * this.#rate : 0;
    return Math.min(position / this.#sampleRate + since, this.#written / this.#sampleRate) || 0;
  }

  /** Seconds of sound that are heard. The device delays the sound. */
  get currentTime() {
    return Math.max(0, this.position - (this.#context ? outputLatency(this.#context) : 0));
  }

  get playbackRate() {
    return this.#rate;
  }

  set playbackRate(rate) {
    this.#rate = rate;
    this.#post({ rate });
  }

  get readyState() {
    return this.isStarved ? HTMLMediaElement.HAVE_CURRENT_DATA : HTMLMediaElement.HAVE_ENOUGH_DATA;
  }

  get buffered() {
    const range = [this.position, this.#written / this.#sampleRate || 0];
    return { length: 1, start: () => range[0], end: () => range[1] };
  }

  /** @throws {DOMException} NotAllowedError where the browser plays only after a click */
  async play() {
    if (this.paused) {
      this.paused = false;
      this.#tell('play');
    }
    this.#post({ isPlaying: true });
    await this.#hasContext;
    if (this.#context.state === 'running') return;
    const refused = new Promise((resolve) => setTimeout(resolve, 1000 * SUSPENDED_SECONDS, 'refused'));
    const outcome = await Promise.race([this.#context.resume(), refused]);
    if (outcome === 'refused' && !this.paused && this.#context.state !== 'running') {
      this.paused = true;
      throw new DOMException('the browser plays only after a click', 'NotAllowedError');
    }
  }

  pause() {
    if (this.paused) return;
    this.paused = true;
    this.#post({ isPlaying: false });
    this.#tell('pause');
  }

  /** @param {Float32Array[]} channels the next samples of each channel */
  write(channels) {
    this.#written += channels[0].length;
    this.#node.port.postMessage({ channels }, channels.map((samples) => samples.buffer));
  }

  /** Leaves out the sound before this time. @param {number} time seconds */
  skipTo(time) {
    this.#post({ skipTo: Math.round(time * this.#sampleRate) });
    this.#report = { ...this.#report, position: Math.max(this.#report.position, time * this.#sampleRate) };
  }

  close() {
    this.#listeners.abort();
    clearInterval(this.#ticker);
    this.paused = true;
    this.#context?.close();
  }

  #hear(report) {
    const { isSounding: was } = this.#report;
    this.#report = report;
    this.isStarved = !report.isSounding;
    if (report.isSounding !== was) this.#tell(report.isSounding ? 'playing' : 'waiting');
  }

  #tick() {
    if (this.paused) return;
    this.#tell('timeupdate');
    // A phone call or a browser that saves power suspends the sound. The listener did not ask for that.
    const isSuspended = document.hidden && this.#context !== null && this.#context.state !== 'running';
    this.#suspendedAt = isSuspended ? this.#suspendedAt ?? performance.now() : null;
    if (isSuspended && performance.now() - this.#suspendedAt > SUSPENDED_SECONDS * 1000) {
      this.#fail(new Error('the browser has suspended the sound'));
    }
  }

  #setVolume() {
    const { volume, muted } = this.#element;
    if (this.#gain) this.#gain.gain.value = muted ? 0 : volume;
  }

  #post(message) {
    this.#node?.port.postMessage(message);
  }

  #fail(error) {
    this.dispatchEvent(Object.assign(new Event('error'), { error }));
  }

  #tell(type) {
    this.dispatchEvent(new Event(type));
  }
}
