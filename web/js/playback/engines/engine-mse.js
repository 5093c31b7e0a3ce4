// The engine that plays frames through Media Source Extensions: one SourceBuffer, frames appended in order.

import { concat } from '../../mp3/bytes.js';
import { initSegment, mediaSegment } from '../../mp3/fmp4.js';
import { frameSeconds, sameFormat, silentFrame } from '../../mp3/mp3.js';
import { now } from '../../net/clock.js';
import { Playhead } from './playhead.js';
import { Timeline } from './timeline.js';

/** Old media is removed in portions of this length, because each removal costs the browser time. */
const EVICTION_STEP_SECONDS = 10;
/** A shorter skip is not worth a seek. */
const MIN_SKIP_SECONDS = 0.2;
/** When the browser's memory is full, this much media stays behind the playhead. */
const MIN_BEHIND_SECONDS = 1;
/**
 * WebKit reports the first frames of a source buffer as buffered when more frames come: five frames of 24 ms are not
 * enough. An engine that has reported nothing after this much sound has failed.
 */
const MAX_UNREPORTED_SECONDS = 1;

/** Chromium and WebKit accept plain MP3. */
class PlainFormat {
  static type = 'audio/mpeg';
  name = 'mse-mp3';
  pack({ frames }) {
    return concat(frames);
  }

  restingRate() {
    return 1;
  }
}

/** Firefox accepts MP3 in fragmented MP4. */
class FragmentedFormat {
  static type = 'audio/mp4; codecs="mp3"';
  name = 'mse-mp4';
  #fragments = 0;
  #format = null;

  /**
   * The rate that is used instead of 1. Firefox plays any rate other than 1 through a resampler. Where the resampler
   * starts or stops, the sound tears and Firefox loses count of the media time. So the rate is never exactly 1. A
   * change from one side of 1 to the other also tears the sound. So this rate is on the side of the last rate, and the
   * first rate is on the side that shortens the delay. Firefox's clock counts in whole Hz, and this rate differs from 1
   * by nearly 1 Hz.
   */
  restingRate(last) {
    const sampleRate = this.#format?.sampleRate ?? 48000;
    return sampleRate / (last < 1 ? sampleRate + 1.01 : sampleRate - 0.99);
  }

  pack({ frames, format }, start) {
    const fragment = mediaSegment(++this.#fragments, Math.round(start * format.sampleRate), frames);
    if (this.#format && sameFormat(this.#format, format)) return fragment;
    this.#format = format;
    return concat([initSegment(format), fragment]);
  }
}

const Source = globalThis.MediaSource ?? globalThis.ManagedMediaSource;
const Format = [PlainFormat, FragmentedFormat].find((format) => Source?.isTypeSupported(format.type));
const isFirefox = Format === FragmentedFormat;

/**
 * Firefox's output needs up to 0.2 s to start. Sound that waits for the output would stay late, so Firefox's output starts
 * with silence. The other browsers' output starts in the time of `outputSeconds`.
 */
const STARTS_WITH_SILENCE = isFirefox;
/** From this media time on Firefox's clock runs. Before that it jumps and stands still. */
const RUNNING_SECONDS = 0.06;
/** The silence that the start appends at a time. */
const SILENCE_SECONDS = 0.24;
/** The interval at which the clock is polled until it runs. */
const POLL_MS = 10;

/**
 * The measured needs of this browser, see `Cushion`. With 0.05 s less than the floor Chromium stops. With 0.06 s less
 * Firefox crackles. Firefox makes a change from one side of the rate 1 to the other audible. WebKit is silent for 20 ms
 * at each change of the rate. Chromium begins to play when the primer fills its decoder's queue. WebKit needs less, and
 * Firefox almost nothing.
 */
function needs() {
  const common = { primerSeconds: 0.24, lostAfterStallSeconds: 0, crossingSeconds: 0 };
  if (navigator.vendor.startsWith('Apple')) {
    return { ...common, floorSeconds: 0.3, outputSeconds: 0.06, lostAfterStallSeconds: 0.2, deadbandSeconds: 0.4 };
  }
  if (isFirefox) {
    return { ...common, floorSeconds: 0.27, outputSeconds: 0, deadbandSeconds: 0.02, crossingSeconds: 0.03 };
  }
  return { ...common, floorSeconds: 0.19, outputSeconds: 0.07, deadbandSeconds: 0.02 };
}

/** Firefox updates `currentTime` every 0.04 s, or a little later. */
const CLOCK_STEP_SECONDS = isFirefox ? 0.045 : 0;

const isChromium = navigator.vendor.startsWith('Google');
/** After each stall Chromium waits for twice as much media before it resumes. A seek resets that. */
const WANTS_MORE_AFTER_STALL = isChromium;
/** Soon after a seek Chromium's clock stands still again, for this time or slightly longer. */
const HESITATION_SECONDS = isChromium ? 0.05 : 0;

/**
 * Events: `error` when the engine must be replaced.
 */
export class MSEEngine extends EventTarget {
  static isSupported = Format !== undefined;
  /** See `Cushion`. */
  static needs = needs();
  /** Whether work of a page that has just opened can make a hole in the sound. */
  static isDisturbedByPage = isFirefox;

  playsFrames = true;
  wantsEveryFrame = false;
  timeline = new Timeline();

  /** @type {HTMLMediaElement} */
  output;

  #format = new Format();
  #playhead = new Playhead(CLOCK_STEP_SECONDS);
  #source = new Source();
  #buffer;
  #opened;
  /** Resolves when all appends are done. */
  #appending = Promise.resolve();
  /** The format of the last appended piece. */
  #appended = null;
  /** Pieces that the browser has taken and does not report as buffered yet. */
  #unreported = [];
  /** Whether sound has been appended after the silence of the start. */
  #hasSound = false;
  /** Resolves when the clock runs that starts with silence. */
  #running = null;
  #runs = false;
  /** A new object for each expected discontinuity; null after the append of the next piece. */
  #discontinuity = null;
  #behindSecondsToKeep;
  #closed = false;
  #leaving = new AbortController();
  /** Rejects the pending wait. A closed media source sends no event that would end it. */
  #rejectPending = null;

  /**
   * @param {HTMLMediaElement} element
   * @param {{behindSecondsToKeep: () => number}} options how much old media to keep, so that
   *   the listener can go back
   */
  constructor(element, { behindSecondsToKeep }) {
    super();
    this.output = element;
    // A time-stretcher makes a change of the rate audible. Without it the pitch changes by a few cents, which nobody
    // hears.
    element.preservesPitch = false;
    this.#behindSecondsToKeep = behindSecondsToKeep;
    for (const type of ['seeking', 'waiting', 'playing']) {
      element.addEventListener(type, () => this.#playhead.forget(), { signal: this.#leaving.signal });
    }
    this.#opened = this.#open();
    this.#opened.catch((error) => this.#fail(error));
  }

  get name() {
    return this.#format.name;
  }

  async #open() {
    const url = URL.createObjectURL(this.#source);
    // A ManagedMediaSource opens only where remote playback is disabled.
    if (Source === globalThis.ManagedMediaSource) this.output.disableRemotePlayback = true;
    try {
      await this.#event(this.#source, 'sourceopen', () => { this.output.src = url; });
    } finally {
      // Also where the engine is closed before. The browser keeps the media source as long as the URL.
      URL.revokeObjectURL(url);
    }
    this.setRate(1);
    this.#source.duration = Infinity;
    this.#buffer = this.#source.addSourceBuffer(Format.type);
    this.#source.addEventListener('sourceclose', () => this.#fail(new Error('the media source was closed')));
  }

  /** Sets the playback rate. For 1 the engine uses the nearest rate that this browser plays well. */
  setRate(rate) {
    const played = rate === 1 ? this.#format.restingRate(this.output.playbackRate) : rate;
    if (this.output.playbackRate !== played) this.output.playbackRate = played;
  }

  /** Seconds buffered ahead of the playhead. */
  get cushionSeconds() {
    if (this.#discontinuity?.isSilent) return 0;
    return Math.max(0, this.timeline.end - this.#time);
  }

  get #time() {
    const { currentTime, paused, playbackRate, readyState } = this.output;
    const standsStill = paused || readyState < HTMLMediaElement.HAVE_FUTURE_DATA;
    return this.#playhead.read(currentTime, now(), standsStill ? 0 : playbackRate);
  }

  /** Whether the engine is silent because it has no data. */
  get isStarved() {
    return !this.#hasSound || this.output.readyState < HTMLMediaElement.HAVE_FUTURE_DATA || this.cushionSeconds === 0;
  }

  /** The place that is heard: media sequence number, seconds into that segment, date; null where unknown. */
  get playing() {
    return this.timeline.heardAt(this.#time);
  }

  /** Whether frames can be appended without a wait. */
  get isRunning() {
    return STARTS_WITH_SILENCE ? this.#runs : this.#buffer !== undefined;
  }

  /**
   * Resolves when `isRunning` is true.
   * @param {import('../../mp3/frame-batch.js').Piece['format']} format of the silence
   */
  prime(format) {
    return this.#running ??= STARTS_WITH_SILENCE ? this.#playSilence(format) : this.#opened;
  }

  async #playSilence(format) {
    while (!this.#closed && this.output.currentTime < RUNNING_SECONDS) {
      if (this.cushionSeconds < SILENCE_SECONDS / 2) await this.append(silence(format, SILENCE_SECONDS));
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    this.#runs = true;
    this.#playhead.forget();
  }

  /** Whether the next piece doesn't continue the last one. */
  get expectsDiscontinuity() {
    return this.#discontinuity !== null;
  }

  seek(time) {
    this.#discontinuity = null;
    // The clock will hesitate. The seek goes further by as much.
    this.output.currentTime = Math.min(time + HESITATION_SECONDS, this.timeline.end);
  }

  /**
   * The next piece doesn't continue the last one.
   *
   * Where the cushion is left out, the playhead moves to its end at once. So no seek is needed when the next piece
   * comes. WebKit fails at a seek into a buffer that has just been filled. The decoder misses the bit reservoir for one
   * or two frames and begins softly.
   * @param {boolean} afterCushion whether the cushion is played first
   */
  expectDiscontinuity(afterCushion) {
    this.#discontinuity = { isSilent: !afterCushion };
    const { end } = this.timeline;
    if (!afterCushion && end - this.output.currentTime > MIN_SKIP_SECONDS) this.output.currentTime = end;
  }

  /**
   * Appends frames at the end. A failure is reported by the event `error`.
   * @param {import('../../mp3/frame-batch.js').Piece} piece
   */
  append(piece) {
    return this.#appending = this.#appending.then(() => this.#append(piece));
  }

  async #append(piece) {
    try {
      await this.#opened;
      if (this.#appended && !sameFormat(this.#appended, piece.format)) this.#buffer.changeType(Format.type);
      this.#appended = piece.format;
      const discontinuity = this.#discontinuity;
      await this.#appendBuffer(this.#format.pack(piece, this.timeline.end + this.#unreportedSeconds));
      this.#unreported.push(piece);
      const { buffered } = this.#buffer;
      if (!this.#report(buffered.length ? buffered.end(buffered.length - 1) : 0)) return;
      // A discontinuity that was announced meanwhile is meant for the next pieces.
      if (discontinuity === this.#discontinuity) this.#discontinuity = null;
      await this.#evict(this.#behindSecondsToKeep(), EVICTION_STEP_SECONDS);
    } catch (error) {
      this.#fail(error);
    }
  }

  get #unreportedSeconds() {
    return this.#unreported.reduce((seconds, { durationSeconds }) => seconds + durationSeconds, 0);
  }

  /**
   * The browser reports that media is buffered up to `end`.
   * @returns {boolean} whether the timeline has the taken pieces now
   */
  #report(end) {
    const { timeline } = this;
    if (end <= timeline.end) {
      if (this.#unreportedSeconds > MAX_UNREPORTED_SECONDS) {
        throw new Error('the browser took frames but did not buffer them');
      }
      return false;
    }
    const last = this.#unreported.pop();
    for (const piece of this.#unreported) timeline.append(piece, Math.min(timeline.end + piece.durationSeconds, end));
    timeline.append(last, end);
    this.#hasSound ||= [last, ...this.#unreported].some(({ sequence }) => sequence !== null);
    this.#unreported = [];
    return true;
  }

  /** Enough for a start has been appended after a stall. The first start follows no stall. */
  resumeAfterStall() {
    const { seeking, currentTime } = this.output;
    if (WANTS_MORE_AFTER_STALL && !seeking && currentTime > 0) this.output.currentTime = currentTime;
  }

  /** The stream has ended: no more pieces come. */
  async end() {
    await this.#opened;
    if (this.#source.readyState === 'open') this.#source.endOfStream();
  }

  get ended() {
    return this.#source.readyState === 'ended';
  }

  close() {
    this.#closed = true;
    this.#leaving.abort();
    this.#rejectPending?.(new Error('the engine was closed'));
    this.output.removeAttribute('src');
    this.output.load();
  }

  async #appendBuffer(data) {
    try {
      await this.#updated(() => this.#buffer.appendBuffer(data));
    } catch (error) {
      if (error.name !== 'QuotaExceededError') throw error;
      await this.#evict(MIN_BEHIND_SECONDS, 0);
      await this.#updated(() => this.#buffer.appendBuffer(data));
    }
  }

  async #evict(keepSeconds, stepSeconds) {
    const until = this.output.currentTime - keepSeconds;
    const { buffered } = this.#buffer;
    if (this.output.seeking || !buffered.length || until - buffered.start(0) <= stepSeconds) return;
    await this.#updated(() => this.#buffer.remove(0, until));
    this.timeline.evict(until);
  }

  #updated(change) {
    return this.#event(this.#buffer, 'updateend', change);
  }

  /** Resolves at the event that `change` causes. Rejects at an error event, which comes before that event. */
  #event(target, type, change) {
    return new Promise((resolve, reject) => {
      const listeners = new AbortController();
      const settle = (how) => (value) => {
        listeners.abort();
        this.#rejectPending = null;
        how(value);
      };
      this.#rejectPending = settle(reject);
      target.addEventListener(type, settle(resolve), { signal: listeners.signal });
      const refused = settle(() => reject(new Error('the browser refused frames')));
      target.addEventListener('error', refused, { signal: listeners.signal });
      try {
        change();
      } catch (error) {
        this.#rejectPending(error);
      }
    });
  }

  #fail(error) {
    if (this.#closed) return;
    this.#closed = true;
    this.dispatchEvent(Object.assign(new Event('error'), { error }));
  }
}

/** @returns {import('../../mp3/frame-batch.js').Piece} that belongs to no segment and has no date */
function silence(format, seconds) {
  const count = Math.ceil(seconds / frameSeconds(format));
  const frames = new Array(count).fill(silentFrame(format));
  const durationSeconds = count * frameSeconds(format);
  return { sequence: null, offsetSeconds: 0, date: null, format, frames, durationSeconds };
}
