// The engine with the lowest latency: WebCodecs decodes the frames, and our own worklet plays them.

import { frameSeconds, sameFormat } from '../../mp3/mp3.js';
import { isFirefox } from '../../sound/output-clock.js';
import { StartHold } from './start-hold.js';
import { Timeline } from './timeline.js';
import { WorkletOutput } from './worklet-output.js';

/** Phones stop the sound of a worklet when the page is hidden or the screen is locked. */
const isPhone = /Android|iPhone|iPad|Mobile/.test(navigator.userAgent)
  || navigator.userAgentData?.mobile || navigator.maxTouchPoints > 1 && navigator.vendor.startsWith('Apple');

/**
 * This engine needs a secure context. It keeps no old media, so going back fetches the segments again.
 *
 * Events: `error` when the engine must be replaced.
 */
export class WebCodecsEngine extends EventTarget {
  static isSupported = !isPhone && typeof AudioDecoder === 'function' && typeof AudioWorkletNode === 'function';
  /**
   * See `Cushion`. The primer is this long because the main thread of a new page is busy. The main thread of Firefox stood
   * still for 0.06 to 0.1 s on a busy machine, and a lower floor made a hole in some minutes.
   */
  static needs = {
    floorSeconds: isFirefox ? 0.1 : 0.04, primerSeconds: 0.08, outputSeconds: 0, lostAfterStallSeconds: 0, deadbandSeconds: 0.02,
    crossingSeconds: 0,
  };

  /** See `MSEEngine`. */
  static isDisturbedByPage = true;

  name = 'webcodecs';
  playsFrames = true;
  /** Each frame that arrives alone shortens the delay. */
  wantsEveryFrame = true;
  timeline = new Timeline();
  /** @type {WorkletOutput} */
  output;

  #decoder = null;
  #hold = new StartHold();
  #format = null;
  #expectsDiscontinuity = false;
  #isEnding = false;
  #closed = false;

  /** @param {HTMLMediaElement} element has the volume */
  constructor(element) {
    super();
    this.output = new WorkletOutput(element);
    this.output.addEventListener('error', ({ error }) => this.#fail(error));
    this.output.addEventListener('playing', () => this.#hold.sounded());
  }

  setRate(rate) {
    if (this.output.playbackRate !== rate) this.output.playbackRate = rate;
  }

  /** Seconds decoded ahead of the playhead. */
  get cushionSeconds() {
    return this.#expectsDiscontinuity ? 0 : Math.max(0, this.timeline.end - this.output.position);
  }

  /** Whether the engine is silent because it has no data. */
  get isStarved() {
    return this.output.isStarved || this.#expectsDiscontinuity;
  }

  get isRunning() {
    return this.output.isRunning;
  }

  /** Starts the output, which plays silence without frames. Resolves when its clock runs. */
  prime({ sampleRate }) {
    return this.output.open(sampleRate);
  }

  get playing() {
    return this.timeline.heardAt(this.output.currentTime);
  }

  get expectsDiscontinuity() {
    return this.#expectsDiscontinuity;
  }

  seek(time) {
    this.#expectsDiscontinuity = false;
    this.output.skipTo(time);
  }

  /** See `MSEEngine`. */
  expectDiscontinuity(afterCushion) {
    this.#expectsDiscontinuity = !afterCushion;
    if (afterCushion) return;
    // The place of each later sample counts the samples before it.
    this.#write(this.#hold.release());
    this.output.skipTo(this.timeline.end);
  }

  /** @param {import('../../mp3/frame-batch.js').Piece} piece */
  async append(piece) {
    if (this.#closed) return;
    try {
      await this.output.open(piece.format.sampleRate);
      if (!this.#format || !sameFormat(this.#format, piece.format)) this.#configure(piece.format);
      const durationSeconds = frameSeconds(piece.format);
      this.#hold.decoding(piece.frames.length, this.output.isStarved);
      piece.frames.forEach((data, i) => this.#decoder.decode(new EncodedAudioChunk({
        type: 'key', timestamp: Math.round((this.timeline.end + i * durationSeconds) * 1e6), data,
      })));
      this.timeline.append(piece, this.timeline.end + piece.durationSeconds);
      this.timeline.evict(this.output.currentTime);
      this.#expectsDiscontinuity = false;
    } catch (error) {
      this.#fail(error);
    }
  }

  /** See `MSEEngine`. The worklet resumes by itself. */
  resumeAfterStall() {}

  /** The stream has ended: no more pieces come. */
  end() {
    this.#isEnding = true;
    this.#write(this.#hold.release());
  }

  get ended() {
    return this.#isEnding && this.output.isStarved;
  }

  close() {
    this.#closed = true;
    if (this.#decoder?.state === 'configured') this.#decoder.close();
    this.output.close();
  }

  #configure(format) {
    this.#format = format;
    this.#decoder ??= new AudioDecoder({
      output: (sound) => this.#play(sound),
      error: (error) => this.#fail(error),
    });
    this.#decoder.configure({ codec: 'mp3', sampleRate: format.sampleRate, numberOfChannels: format.channels });
  }

  #play(sound) {
    const channels = Array.from({ length: sound.numberOfChannels }, (_, planeIndex) => {
      const samples = new Float32Array(sound.numberOfFrames);
      sound.copyTo(samples, { planeIndex, format: 'f32-planar' });
      return samples;
    });
    sound.close();
    if (!this.#closed) this.#write(this.#hold.decoded(channels));
  }

  #write(sounds) {
    for (const channels of sounds) this.output.write(channels);
  }

  #fail(error) {
    if (this.#closed) return;
    this.dispatchEvent(Object.assign(new Event('error'), { error }));
  }
}
