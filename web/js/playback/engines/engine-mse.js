// Plays frames through Media Source Extensions: one SourceBuffer, everything appended in order.

import { now } from '../../net/clock.js';
import { concat } from '../../mp3/bytes.js';
import { initSegment, mediaSegment } from '../../mp3/fmp4.js';
import { sameFormat, silentFrame, frameSeconds } from '../../mp3/mp3.js';
import { Playhead } from './playhead.js';
import { Timeline } from './timeline.js';

/** The clock runs when it says so much, s: before that it leaps and stands still. It is looked at so often, ms. */
const RUNNING_SECONDS = 0.06;
const POLL_MS = 10;
/** Old media is removed in portions: each removal costs the browser a little. */
const EVICTION_STEP_SECONDS = 10;
/** Less than this is not worth a seek, s. */
const MIN_SKIP_SECONDS = 0.2;
/** What stays behind the playhead when the browser's memory is full, s. */
const MIN_BEHIND_SECONDS = 1;

/** Chromium and WebKit take MP3 as it is. */
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

/** Firefox takes MP3 in fragmented MP4. */
class FragmentedFormat {
  static type = 'audio/mp4; codecs="mp3"';
  name = 'mse-mp4';
  #fragments = 0;
  #format = null;

  /**
   * The rate that is next to 1, on the same side of it as the last one. Firefox sends what it plays at any rate but 1
   * through a resampler, and on the way in and out it tears the sound and loses count of what is heard. So it stays in
   * there. From one side of 1 to the other is a splice; it begins on the side where too much at the start is played away.
   * Its clock counts in whole Hz, of which this is nearly one.
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

/** What is in hand before Chromium begins to play must fill its decoder's queue; WebKit wants less, Firefox next to none. */
const PRIMER_SECONDS = 0.24;
/**
 * What it takes to play without a flaw, by measurement. Chromium stops where 0.05 s less is in hand; Firefox crackles with
 * 0.06 s less, and is heard to cross 1; WebKit is silent for 20 ms at every change of the rate.
 */
function needs() {
  const common = { primerSeconds: PRIMER_SECONDS, lostAfterStallSeconds: 0, crossingSeconds: 0 };
  if (navigator.vendor.startsWith('Apple')) return { ...common, floorSeconds: 0.3, lostAfterStallSeconds: 0.2, deadbandSeconds: 0.4 };
  if (isFirefox) return { ...common, floorSeconds: 0.27, deadbandSeconds: 0.02, crossingSeconds: 0.03 };
  return { ...common, floorSeconds: 0.19, deadbandSeconds: 0.02 };
}

/** Firefox moves `currentTime` on every 0.04 s, or a little later. */
const CLOCK_STEP_SECONDS = isFirefox ? 0.045 : 0;

const isChromium = navigator.vendor.startsWith('Google');
/** After each stall Chromium wants twice as much in hand before it goes on, until a seek makes it forget that. */
const WANTS_MORE_AFTER_STALL = isChromium;
/** Chromium's clock stands still once more for so long, or a little longer, soon after it began to run, s. */
const HESITATION_SECONDS = isChromium ? 0.05 : 0;
const HESITATION_DELAY_SECONDS = 0.1;

/**
 * Events: `error` when it can't go on and has to be replaced.
 */
export class MSEEngine extends EventTarget {
  static isSupported = Format !== undefined;
  /** What `Cushion` has to know. */
  static needs = needs();

  playsFrames = true;
  wantsEveryFrame = false;
  timeline = new Timeline();
  /** Whether the output's clock runs. */
  isRunning = false;

  /** @type {HTMLMediaElement} */
  output;

  #format = new Format();
  #playhead = new Playhead(CLOCK_STEP_SECONDS);
  #source = new Source();
  #buffer;
  #opened;
  /** Resolves when all that was to be appended is. */
  #appending = Promise.resolve();
  /** The format of what was appended last. */
  #appended = null;
  /** Resolves when the clock runs. */
  #running = null;
  #hesitatesUntil = 0;
  /** More than the silence that it started with has been appended. */
  #hasSound = false;
  /** A new one for each cue; null once it is followed. Until then what is in hand is not played any more. */
  #cue = null;
  #behindSecondsToKeep;
  #closed = false;
  #leaving = new AbortController();
  /** Rejects what is being waited for: a source that is closed tells nobody. */
  #rejectPending = null;

  /**
   * @param {HTMLMediaElement} element
   * @param {{behindSecondsToKeep: () => number}} options seconds of old media to keep for going back
   */
  constructor(element, { behindSecondsToKeep }) {
    super();
    this.output = element;
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
    // A ManagedMediaSource opens only where playback can't be handed to another device.
    if (Source === globalThis.ManagedMediaSource) this.output.disableRemotePlayback = true;
    await this.#event(this.#source, 'sourceopen', () => { this.output.src = url; });
    this.setRate(1);
    URL.revokeObjectURL(url);
    this.#source.duration = Infinity;
    this.#buffer = this.#source.addSourceBuffer(Format.type);
    this.#source.addEventListener('sourceclose', () => this.#fail(new Error('the media source was closed')));
  }

  /** 1 is as near to that as this browser plays well. */
  setRate(rate) {
    const played = rate === 1 ? this.#format.restingRate(this.output.playbackRate) : rate;
    if (this.output.playbackRate !== played) this.output.playbackRate = played;
  }

  /** Buffered ahead of the playhead, s. */
  get cushionSeconds() {
    if (this.#cue?.isSilent) return 0;
    const hesitationSeconds = now() < this.#hesitatesUntil ? HESITATION_SECONDS : 0;
    return Math.max(0, this.timeline.end - this.#time) + hesitationSeconds;
  }

  get #time() {
    const { currentTime, paused, playbackRate } = this.output;
    return this.#playhead.read(currentTime, now(), paused ? 0 : playbackRate);
  }

  /** Whether nothing sounds for want of data. */
  get isStarved() {
    return !this.#hasSound || this.output.readyState < HTMLMediaElement.HAVE_FUTURE_DATA || this.cushionSeconds === 0;
  }

  /** What sounds now: media sequence number, seconds into that segment, date; null where that is not known. */
  get playing() {
    return this.timeline.heardAt(this.#time);
  }

  /** Whether what comes next doesn't follow on what was appended last. */
  get isCued() {
    return this.#cue !== null;
  }

  seek(time) {
    this.#cue = null;
    // To be as late as it would be without hesitating.
    this.output.currentTime = Math.min(time + HESITATION_SECONDS, this.timeline.end);
  }

  /**
   * What comes next doesn't follow on what is in hand: that is played first, or left out.
   *
   * In the latter case nothing has to be sought when more comes: WebKit fails at a seek into a buffer that has only
   * just been filled. The decoder misses the bit reservoir for a frame or two and begins softly.
   */
  cue(afterCushion) {
    this.#cue = { isSilent: !afterCushion };
    const { end } = this.timeline;
    if (!afterCushion && end - this.output.currentTime > MIN_SKIP_SECONDS) this.output.currentTime = end;
  }

  /**
   * Starts the output with silence. Decoders and loudspeakers take their time to start, and whatever waits for them
   * meanwhile is late for good: so nothing does. Resolves when the clock runs.
   * @param {import('../../mp3/frame-batch.js').Piece['format']} format
   */
  prime(format) {
    return this.#running ??= this.#prime(format);
  }

  async #prime(format) {
    while (!this.#closed && this.output.currentTime < RUNNING_SECONDS) {
      if (this.cushionSeconds < PRIMER_SECONDS / 2) await this.append(silence(format, PRIMER_SECONDS));
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    this.isRunning = true;
    this.#playhead.forget();
    this.#hesitatesUntil = now() + HESITATION_DELAY_SECONDS;
  }

  /**
   * Appends frames at the end.
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
      const start = this.timeline.end;
      const cue = this.#cue;
      await this.#appendBuffer(this.#format.pack(piece, start));
      const { buffered } = this.#buffer;
      const end = buffered.length ? buffered.end(buffered.length - 1) : 0;
      if (end <= start) throw new Error('the browser took frames without a trace');
      this.timeline.append(piece, end);
      this.#hasSound ||= piece.sequence !== null;
      // A cue that was given meanwhile is meant for the next ones.
      if (cue === this.#cue) this.#cue = null;
      await this.#evict(this.#behindSecondsToKeep(), EVICTION_STEP_SECONDS);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** What has been appended is enough to go on with, after a stall. */
  resumeAfterStall() {
    if (WANTS_MORE_AFTER_STALL && !this.output.seeking) this.output.currentTime += 0;
  }

  /** Nothing more will come. */
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

  /** Resolves at the event that `change` leads to; rejects at an error event, which comes first. */
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

/** @returns {import('../../mp3/frame-batch.js').Piece} of no segment, and of no date */
function silence(format, seconds) {
  const count = Math.ceil(seconds / frameSeconds(format));
  const frames = new Array(count).fill(silentFrame(format));
  return { sequence: null, offsetSeconds: 0, date: null, format, frames, durationSeconds: count * frameSeconds(format) };
}
