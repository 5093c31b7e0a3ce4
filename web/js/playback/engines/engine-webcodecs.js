// Plays frames as directly as a browser allows: decoded by WebCodecs, played by a worklet of our own.

import { frameSeconds, sameFormat } from '../../mp3/mp3.js';
import { Timeline } from './timeline.js';
import { WorkletOutput } from './worklet-output.js';

/** Phones stop such sound where the page is not seen, or the screen is locked. */
const isPhone = /Android|iPhone|iPad|Mobile/.test(navigator.userAgent)
  || navigator.userAgentData?.mobile || navigator.maxTouchPoints > 1 && navigator.vendor.startsWith('Apple');

/**
 * Needs a secure context, and has no past: going back fetches again.
 *
 * Events: `error` when it can't go on and has to be replaced.
 */
export class WebCodecsEngine extends EventTarget {
  static isSupported = !isPhone && typeof AudioDecoder === 'function' && typeof AudioWorkletNode === 'function';
  /** What `Cushion` has to know; at the start, a page that has just been opened has its main thread full. */
  static needs = { floorSeconds: 0.04, primerSeconds: 0.08, lostAfterStallSeconds: 0, deadbandSeconds: 0.02, crossingSeconds: 0 };

  name = 'webcodecs';
  playsFrames = true;
  /** It is worth being sent each frame by itself. */
  wantsEveryFrame = true;
  timeline = new Timeline();
  /** @type {WorkletOutput} */
  output;

  #decoder = null;
  #format = null;
  #isCued = false;
  #isEnding = false;
  #closed = false;

  /** @param {HTMLMediaElement} element has the volume */
  constructor(element) {
    super();
    this.output = new WorkletOutput(element);
    this.output.addEventListener('error', ({ error }) => this.#fail(error));
  }

  setRate(rate) {
    if (this.output.playbackRate !== rate) this.output.playbackRate = rate;
  }

  /** Decoded ahead of the playhead, s. */
  get cushionSeconds() {
    return this.#isCued ? 0 : Math.max(0, this.timeline.end - this.output.position);
  }

  /** Whether nothing sounds for want of data. */
  get isStarved() {
    return this.output.isStarved || this.#isCued;
  }

  get isRunning() {
    return this.output.isRunning;
  }

  /** See `MSEEngine`: here silence needs no frames. */
  prime({ sampleRate }) {
    return this.output.open(sampleRate);
  }

  get playing() {
    return this.timeline.heardAt(this.output.currentTime);
  }

  get isCued() {
    return this.#isCued;
  }

  seek(time) {
    this.#isCued = false;
    this.output.skipTo(time);
  }

  /** See `MSEEngine`. */
  cue(afterCushion) {
    this.#isCued = !afterCushion;
    if (!afterCushion) this.output.skipTo(this.timeline.end);
  }

  /** @param {import('../../mp3/frame-batch.js').Piece} piece */
  async append(piece) {
    if (this.#closed) return;
    try {
      await this.output.open(piece.format.sampleRate);
      if (!this.#format || !sameFormat(this.#format, piece.format)) this.#configure(piece.format);
      const durationSeconds = frameSeconds(piece.format);
      piece.frames.forEach((data, i) => this.#decoder.decode(new EncodedAudioChunk({
        type: 'key', timestamp: Math.round((this.timeline.end + i * durationSeconds) * 1e6), data,
      })));
      this.timeline.append(piece, this.timeline.end + piece.durationSeconds);
      this.timeline.evict(this.output.currentTime);
      this.#isCued = false;
    } catch (error) {
      this.#fail(error);
    }
  }

  resumeAfterStall() {}

  /** Nothing more will come. */
  end() {
    this.#isEnding = true;
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
    if (!this.#closed) this.output.write(channels);
  }

  #fail(error) {
    if (this.#closed) return;
    this.dispatchEvent(Object.assign(new Event('error'), { error }));
  }
}
