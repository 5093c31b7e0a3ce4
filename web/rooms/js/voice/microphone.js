// The microphone: a device that is chosen, its level, and its sound in frames of 10 ms. Where the device is lost, the
// next one takes its place.

import { nextReading } from '../../../js/drawing/meter.js';
import { text } from '../../../js/language/texts.js';
import { OwnDevice } from '../call/own-device.js';
import { startCapture } from './capture/capture.js';
import { channelsOf, constraintsIn, factsOf, lossSentence, returnSentence } from './microphone-facts.js';
import { FRAME_MS, SAMPLE_RATE } from './sound-packet.js';

/** The length of "hear yourself", in frames. */
const REHEARSAL_FRAMES = 2000 / FRAME_MS;
/** A microphone without a frame for this long is broken, ms. Not every browser says so. */
const SILENCE_MS = 1500;
const LOOK_MS = 250;

/**
 * Events: `change` when anything but the level has changed; `notice` (with `text`) when the device was lost or came back.
 */
export class Microphone extends EventTarget {
  /** Gets each frame. @type {import('./capture/capture.js').FrameListener} */
  onFrame = () => {};
  /** The reading of a level meter, 0 to 1. */
  level = 0;
  /** @type {'idle' | 'recording' | 'playing'} the state of "hear yourself" */
  rehearsal = 'idle';

  #device;
  #media;
  #context;
  #mode;
  #isWorklet;
  #capture = null;
  #capturedTrack = null;
  /** The mean age of the frames when they come, ms. */
  #age = FRAME_MS;
  #recorded = null;
  /** The number of starts that are under way. */
  #starting = 0;
  #frameAt = 0;
  #watch = null;
  #refresh = () => this.#refreshDevices();

  /**
   * @param {object} options
   * @param {MediaDevices | undefined} options.media undefined where the browser gives no devices to this page
   * @param {import('./sound-context.js').SoundContext} options.context
   * @param {string?} [options.id] of the device that was chosen last
   * @param {'speech' | 'music'} [options.mode]
   * @param {boolean} [options.isWorklet] captures by an AudioWorklet in any case, for measurements
   */
  constructor({ media, context, id = null, mode = 'speech', isWorklet = false }) {
    super();
    this.#media = media;
    this.#context = context;
    this.#mode = mode;
    this.#isWorklet = isWorklet;
    this.#device = new OwnDevice('microphone', media, id, {
      constraintsOf: (_, id) => constraintsIn(this.#mode, id), lossSentence, returnSentence,
    });
    this.#device.addEventListener('change', () => this.#follow());
    this.#device.addEventListener('notice', ({ text }) => this.#tell(text));
    media?.addEventListener('devicechange', this.#refresh);
  }

  /** @returns {import('../call/devices.js').Device[]} those to choose from */
  get devices() {
    return this.#device.devices;
  }

  /** The id of the device; null for the browser's choice. */
  get id() {
    return this.#device.id;
  }

  get isOn() {
    return this.#device.isOn;
  }

  /** @returns {import('../call/refusals.js').Refusal?} the reason for which the device did not start */
  get refusal() {
    return this.#device.refusal;
  }

  get track() {
    return this.#device.track;
  }

  /** Silences the device at once, without stopping it. */
  get isEnabled() {
    return this.#device.isEnabled;
  }

  set isEnabled(value) {
    if (value !== this.#device.isEnabled) this.#device.isEnabled = value;
  }

  /** @returns {'speech' | 'music'} */
  get mode() {
    return this.#mode;
  }

  /** Speech: echo cancellation, noise suppression and gain control, mono. Music: none of them, stereo. */
  async setMode(mode) {
    if (mode === this.#mode) return;
    this.#mode = mode;
    if (this.isOn || this.#starting > 0) await this.start();
    else this.#announce();
  }

  /** Starts a device. Where a device that was chosen now does not start, the present one goes on. */
  async start(id = this.id) {
    this.#starting += 1;
    await this.#device.start(id);
    this.#starting -= 1;
    // Browsers tell the names of the devices only after the permission.
    await this.#refreshDevices();
  }

  stop() {
    this.#device.stop();
  }

  /** Stops for good. */
  close() {
    this.#media?.removeEventListener('devicechange', this.#refresh);
    this.stop();
  }

  /** The true properties of the track: pairs of a name and a value, in words. @returns {[string, string][]} */
  get facts() {
    return this.track ? factsOf(this.track.getSettings?.() ?? {}, this.track.getCapabilities?.() ?? {}) : [];
  }

  /** The way in which the sound is captured; null while the microphone is off. @returns {'processor' | 'worklet' | null} */
  get way() {
    return this.#capture?.way ?? null;
  }

  /** From the microphone to the frame in this page, ms. */
  get delay() {
    const latency = 1000 * (this.track?.getSettings?.().latency ?? 0);
    return Math.max(latency, FRAME_MS) + this.#age;
  }

  /** Records two seconds, and plays them. @returns {Promise<void>} resolves at the end */
  async hearYourself() {
    if (this.rehearsal !== 'idle' || !this.isOn) return;
    this.#setRehearsal('recording');
    try {
      const frames = await new Promise((resolve) => { this.#recorded = { frames: [], resolve }; });
      if (frames.length > 0) {
        this.#setRehearsal('playing');
        await this.#play(frames);
      }
    } catch {
      this.#tell(text('voice.no-start'));
    } finally {
      this.#setRehearsal('idle');
    }
  }

  async #play(frames) {
    const context = await this.#context.open();
    const length = frames[0][0].length;
    const buffer = context.createBuffer(frames[0].length, frames.length * length, SAMPLE_RATE);
    frames.forEach((channels, i) => channels.forEach((samples, channel) => {
      if (channel < buffer.numberOfChannels) buffer.copyToChannel(samples, channel, i * length);
    }));
    const source = new AudioBufferSourceNode(context, { buffer });
    source.connect(context.destination);
    await new Promise((resolve) => {
      source.addEventListener('ended', resolve);
      source.start();
    });
  }

  #take(channels, capturedAt) {
    this.#frameAt = performance.now();
    this.#age += (this.#frameAt - capturedAt - this.#age) / 50;
    const peak = channels.reduce((most, samples) => samples.reduce((peak, s) => Math.max(peak, Math.abs(s)), most), 0);
    this.level = nextReading(this.level, peak, FRAME_MS / 1000);
    if (this.#recorded) this.#record(channels);
    this.onFrame(channels, capturedAt);
  }

  #record(channels) {
    const { frames, resolve } = this.#recorded;
    frames.push(channels);
    if (frames.length < REHEARSAL_FRAMES) return;
    this.#recorded = null;
    resolve(frames);
  }

  /** Captures the present track of the device. */
  #follow() {
    const { track } = this.#device;
    if (track !== this.#capturedTrack) {
      this.#capture?.close();
      this.#capturedTrack = track;
      this.level = 0;
      this.#capture = track && startCapture(track, {
        mostChannels: channelsOf(this.#mode), context: this.#context, isWorklet: this.#isWorklet,
        onFrame: (channels, capturedAt) => { if (track === this.#capturedTrack) this.#take(channels, capturedAt); },
        onError: () => this.#tell(text('voice.no-module')),
      });
      if (!track && this.#recorded) this.#recorded.resolve([]);
      if (!track) this.#recorded = null;
      this.#frameAt = performance.now();
      clearInterval(this.#watch);
      this.#watch = track && setInterval(() => this.#look(), LOOK_MS);
    }
    this.#announce();
  }

  /**
   * A context that the browser has suspended is no fault of the microphone, nor a worklet that is still on its way. A
   * browser may give no frames of a track that is disabled.
   */
  #look() {
    const isSuspended = this.way === 'worklet' && !this.#context.isRunning;
    if (isSuspended || !this.#capture?.isReady || !this.isEnabled) this.#frameAt = performance.now();
    if (performance.now() - this.#frameAt > SILENCE_MS) this.#device.giveUp();
  }

  async #refreshDevices() {
    if (this.#media) await this.#device.refresh(await this.#media.enumerateDevices());
  }

  #setRehearsal(state) {
    this.rehearsal = state;
    this.#announce();
  }

  #tell(text) {
    this.dispatchEvent(Object.assign(new Event('notice'), { text }));
  }

  #announce() {
    this.dispatchEvent(new Event('change'));
  }
}
