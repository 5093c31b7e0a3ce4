// Plays segments through Media Source Extensions: one SourceBuffer, everything appended in order.

import { concat, initSegment, mediaSegment } from './fmp4.js';
import { FRAME_SAMPLES, sameFormat } from './mp3.js';
import { Timeline } from './timeline.js';

/** Old media is removed in portions: each removal costs the browser a little. */
const EVICTION_STEP = 10;
/** Less than this is not worth a seek, s. */
const SCRAP = 0.2;
/** What stays behind the playhead when the browser's memory is full, s. */
const LEAST_BEHIND = 1;

/** Chromium and WebKit take MP3 as it is. */
class PlainFormat {
  static type = 'audio/mpeg';
  name = 'mse-mp3';
  pack(media) {
    return concat(media.frames);
  }
}

/** Firefox takes MP3 in fragmented MP4. */
class FragmentedFormat {
  static type = 'audio/mp4; codecs="mp3"';
  name = 'mse-mp4';
  #fragments = 0;
  #format = null;

  pack(media, start) {
    const fragment = mediaSegment(++this.#fragments, Math.round(start * media.sampleRate), media.frames);
    if (this.#format && sameFormat(this.#format, media)) return fragment;
    this.#format = media;
    return concat([initSegment(media), fragment]);
  }
}

const Source = globalThis.MediaSource ?? globalThis.ManagedMediaSource;
const Format = [PlainFormat, FragmentedFormat].find((format) => Source?.isTypeSupported(format.type));

/**
 * Events: `error` when it can't go on and has to be replaced.
 */
export class MSEEngine extends EventTarget {
  static isSupported = Format !== undefined;

  takesSegments = true;
  timeline = new Timeline();

  #element;
  #format = new Format();
  #source = new Source();
  #buffer;
  #opened;
  #media = null;
  #cue = null;
  #keepBehind;
  #closed = false;
  /** Rejects what is being waited for: a source that is closed tells nobody. */
  #giveUp = null;

  /**
   * @param {HTMLMediaElement} element
   * @param {{keepBehind: () => number}} options seconds of old media to keep for going back
   */
  constructor(element, { keepBehind }) {
    super();
    this.#element = element;
    this.#keepBehind = keepBehind;
    this.#opened = this.#open();
    this.#opened.catch((error) => this.#fail(error));
  }

  get name() {
    return this.#format.name;
  }

  async #open() {
    const url = URL.createObjectURL(this.#source);
    // A ManagedMediaSource opens only where playback can't be handed to another device.
    if (Source === globalThis.ManagedMediaSource) this.#element.disableRemotePlayback = true;
    await this.#event(this.#source, 'sourceopen', () => { this.#element.src = url; });
    URL.revokeObjectURL(url);
    this.#source.duration = Infinity;
    this.#buffer = this.#source.addSourceBuffer(Format.type);
    this.#source.addEventListener('sourceclose', () => this.#fail(new Error('the media source was closed')));
  }

  /** Buffered ahead of the playhead, s. */
  get cushion() {
    return this.#cue?.isSilent ? 0 : Math.max(0, this.timeline.end - this.#element.currentTime);
  }

  /** What sounds now: media sequence number, seconds into that segment, date; null where that is not known. */
  get playing() {
    const time = this.#element.currentTime;
    const span = this.timeline.at(time);
    const offset = span ? time - span.start + span.skipped : null;
    return { sequence: span?.sequence ?? null, offset, date: this.timeline.dateAt(time) };
  }

  seek(time) {
    this.#cue = null;
    this.#element.currentTime = time;
  }

  /**
   * Playback is to go on `offset` seconds into the next segment: after what is buffered, or in silence until it comes.
   *
   * What comes before is not appended at all, so that nothing has to be sought: WebKit fails at a seek into a buffer
   * that has only just been filled. The decoder misses the bit reservoir for a frame or two and begins softly.
   */
  cue(offset, afterCushion) {
    this.#cue = { offset, isSilent: !afterCushion };
    const { end } = this.timeline;
    if (!afterCushion && end - this.#element.currentTime > SCRAP) this.#element.currentTime = end;
  }

  /**
   * Appends a segment at the end. One call at a time.
   * @param {import('./playlist.js').Entry} entry
   * @param {ReturnType<import('./mp3.js').parseSegment>} media
   */
  async append(entry, media) {
    try {
      await this.#opened;
      if (this.#media && !sameFormat(this.#media, media)) this.#buffer.changeType(Format.type);
      this.#media = media;
      const start = this.timeline.end;
      const cue = this.#cue;
      const skipped = cue === null ? 0 : skip(media, cue.offset);
      await this.#appendBuffer(this.#format.pack(media, start));
      const { buffered } = this.#buffer;
      const end = buffered.length ? buffered.end(buffered.length - 1) : 0;
      if (end <= start) throw new Error('the browser took a segment without a trace');
      this.timeline.append(entry, end, skipped);
      // A cue that was given meanwhile is meant for the next one.
      if (cue === this.#cue) this.#cue = null;
      await this.#evict(this.#keepBehind(), EVICTION_STEP);
    } catch (error) {
      this.#fail(error);
    }
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
    this.#giveUp?.(new Error('the engine was closed'));
    this.#element.removeAttribute('src');
    this.#element.load();
  }

  async #appendBuffer(data) {
    try {
      await this.#updated(() => this.#buffer.appendBuffer(data));
    } catch (error) {
      if (error.name !== 'QuotaExceededError') throw error;
      await this.#evict(LEAST_BEHIND, 0);
      await this.#updated(() => this.#buffer.appendBuffer(data));
    }
  }

  async #evict(keep, step) {
    const until = this.#element.currentTime - keep;
    const { buffered } = this.#buffer;
    if (this.#element.seeking || !buffered.length || until - buffered.start(0) <= step) return;
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
        this.#giveUp = null;
        how(value);
      };
      this.#giveUp = settle(reject);
      target.addEventListener(type, settle(resolve), { signal: listeners.signal });
      const refused = settle(() => reject(new Error('the browser refused a segment')));
      target.addEventListener('error', refused, { signal: listeners.signal });
      try {
        change();
      } catch (error) {
        this.#giveUp(error);
      }
    });
  }

  #fail(error) {
    if (this.#closed) return;
    this.#closed = true;
    this.dispatchEvent(Object.assign(new Event('error'), { error }));
  }
}

/** Leaves out the frames before `offset` seconds, but for the last; returns how many seconds that makes. */
function skip(media, offset) {
  const frame = FRAME_SAMPLES / media.sampleRate;
  const count = Math.min(media.frames.length - 1, Math.floor(offset / frame));
  media.frames.splice(0, count);
  return count * frame;
}
