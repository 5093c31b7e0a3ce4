// Joins the download loop, the follower and the engine, and answers the listener's requests.

import { now } from './alarm.js';
import { Batch } from './batch.js';
import { Follower } from './follower.js';
import { Loader } from './loader.js';
import { MSEEngine } from './engine-mse.js';
import { NativeEngine } from './engine-native.js';
import { parseSegment } from './mp3.js';
import { totalDuration } from './playlist.js';
import { Watchdog } from './watchdog.js';

/** How far off the low-water mark may be before the rate is changed; WebKit is silent for 20 ms at every change, s. */
const DEADBAND = navigator.vendor.startsWith('Apple') ? 1 : 0.15;
/** Less than this left to play is nothing, s. */
const DRY = 0.1;
/** Nobody listens or looks: the playlist is left alone until that changes. */
const NEVER = Infinity;
/** An ended stream may begin again: seconds between two looks. */
const ENDED_INTERVAL = 10;
/** A playlist older than this many target durations says nothing about the live end. */
const STALE = 2;
/** Old media kept for going back, at most, s. */
const MOST_BEHIND = 60;
/** Between two new engines, s: a browser that refuses everything is not to be kept busy. */
const REPLACEMENT_PAUSE = 2;

/**
 * Events: `change` when anything the page shows may have changed, `segment` (with `entry` and `bytes`) for each segment
 * that was fetched.
 */
export class Player extends EventTarget {
  /** @type {HTMLMediaElement} */
  element;
  follower = new Follower(DEADBAND);
  /** @type {MSEEngine | NativeEngine | null} null where the browser can't play the stream at all */
  engine = null;
  loader;

  /** Whether the listener wants to hear it; what really happens is the element's to say. */
  wantsToPlay = true;
  /** The browser wants a click before it plays. */
  isBlocked = false;
  stalls = 0;
  jumps = 0;
  /** Seconds of sound heard. */
  elapsed = 0;

  #description;
  #urls;
  #watchdog = new Watchdog();
  #batch = new Batch();
  /** Counts the joins: what was fetched for one is of no use to the next. */
  #run = 0;
  #isJoining = false;
  #playlistLoadedAt = -Infinity;
  #heardAt = null;
  #sounding = false;
  #replacedAt = -Infinity;

  /**
   * @param {HTMLMediaElement} element
   * @param {{playlist: string}} urls
   * @param {import('./description.js').Description} description
   * @param {string?} engineName 'native' asks for the browser's own HLS
   */
  constructor(element, urls, description, engineName) {
    super();
    this.element = element;
    this.#urls = urls;
    this.#description = description;
    this.loader = new Loader(urls.playlist, {
      loaded: (playlist, loadedAt) => this.#loaded(playlist, loadedAt),
      wanted: () => this.#wanted(),
      fetched: (entry, bytes) => this.#fetched(entry, bytes),
      missing: (entry) => this.follower.missing(entry),
      reloadAt: () => this.#reloadAt(),
    });
    this.loader.addEventListener('status', () => this.#changed());
    this.Engine = engineName === 'native' || !MSEEngine.isSupported ? NativeEngine : MSEEngine;
    if (this.Engine.isSupported) this.#listen();
  }

  start() {
    this.#newEngine();
    this.loader.run();
    if (this.engine) this.#playElement();
  }

  // The listener's requests. What becomes of them shows in the element's own events.

  play() {
    this.wantsToPlay = true;
    // A new engine may be on its way: it plays when it comes. And an element that has ended would begin again.
    if (!this.engine || this.isEnded) return;
    this.#playElement();
    if (!this.engine.takesSegments) {
      if (this.isBlocked) this.engine.seekLive();
    } else if (this.isBlocked || this.#isStale) {
      this.#join();
    } else {
      this.#perform(this.follower.resume(this.cushion, now()));
    }
    this.isBlocked = false;
    this.loader.interrupt();
    this.#changed();
  }

  pause() {
    this.element.pause();
  }

  toggle() {
    if (this.isEnded) return;
    if (this.wantsToPlay) this.pause();
    else this.play();
  }

  goLive() {
    if (!this.engine) return;
    if (!this.engine.takesSegments) this.engine.seekLive();
    else this.#perform(this.follower.goLive(now()));
    if (!this.wantsToPlay) this.play();
    this.#changed();
  }

  /** Goes to so many seconds behind the live edge. */
  goTo(behind) {
    if (!this.engine) return;
    const target = Math.min(Math.max(behind, 0), this.window);
    if (!this.engine.takesSegments) this.engine.seekToDistance(target);
    else this.#perform(this.follower.goTo(target, now()));
    // Back from the end of a stream that has ended.
    if (this.wantsToPlay && this.element.paused) this.#playElement();
    this.#changed();
  }

  /** Goes to `fraction` of the way through a segment of the playlist. */
  goToSegment(sequence, fraction) {
    const entries = this.follower.playlist.entries.filter((entry) => entry.sequence >= sequence);
    if (entries[0]?.sequence === sequence) {
      this.goTo(totalDuration(entries) - fraction * entries[0].duration + this.follower.edgeAge(now()));
    }
  }

  // What there is to tell.

  get cushion() {
    return this.engine?.cushion ?? 0;
  }

  /** Seconds from what is heard to the live edge: free of the sawtooth that the segments make of the cushion. */
  get behindEdge() {
    if (!this.follower.playlist || !this.engine) return 0;
    if (!this.engine.takesSegments) return this.engine.distance;
    return this.follower.next === null ? 0 : this.follower.behindEdge(this.#ahead, now());
  }

  /** How far back the listener can go, s. */
  get window() {
    return this.follower.window(now());
  }

  /** Seconds between the recording of what is heard and now, by the server's clock; null where it is not known. */
  get behindLive() {
    const date = this.engine?.playing.date ?? null;
    const time = this.#description.serverTime();
    return date === null || time === null ? null : (time - date) / 1000;
  }

  /** Seconds of the segment that is being recorded now; null when none is, as far as is known. */
  get recorded() {
    const { playlist } = this.follower;
    const isKnown = playlist !== null && this.loader.status.phase === 'loaded';
    return isKnown && !playlist.ended ? this.follower.edgeAge(now()) : null;
  }

  get isEnded() {
    return Boolean(this.follower.playlist?.ended) && (this.element.ended || this.cushion < DRY && this.engine?.ended);
  }

  /** To be called from whatever still happens in a hidden page. */
  check() {
    this.loader.check();
    if (this.#isAttended) this.#description.refresh();
    const { currentTime: time, paused } = this.element;
    const seen = { now: now(), time, cushion: this.cushion, wantsToPlay: this.wantsToPlay && !paused };
    const verdict = this.#watchdog.look(seen);
    if (verdict === 'nudge') this.engine.seek?.(this.element.currentTime + 0.05);
    if (verdict === 'replace') this.#replaceEngine();
  }

  // The loader's questions.

  async #loaded(playlist, loadedAt) {
    // How old the playlist is decides where to start.
    await this.#description.firstAnswer;
    this.#playlistLoadedAt = loadedAt;
    const hasBegunAgain = this.follower.playlist?.ended && !playlist.ended;
    const end = playlist.entries.at(-1);
    const time = this.#description.serverTime(loadedAt);
    const edgeAge = !end || end.date === null || time === null ? null : (time - end.date) / 1000 - end.duration;
    const isActive = this.engine?.takesSegments && this.wantsToPlay;
    const join = this.follower.loaded(playlist, loadedAt, edgeAge, isActive ? this.#ahead : null);
    if (!this.engine?.takesSegments) this.engine?.observe(playlist);
    else if (hasBegunAgain && this.engine.ended) this.#replaceEngine();
    else if (isActive) {
      this.#perform(this.#isJoining ? this.follower.goLive(now()) : join);
      this.#isJoining = false;
    }
    this.#setRate();
    this.#changed();
  }

  #wanted() {
    if (!this.engine?.takesSegments || !this.wantsToPlay || this.#isJoining || !this.follower.playlist) return null;
    const entry = this.follower.wanted(this.#ahead, now());
    if (entry === null && this.follower.playlist.ended && this.follower.next > this.follower.last) this.engine.end();
    return entry;
  }

  async #fetched(entry, bytes) {
    if (entry.sequence !== this.follower.next) return;
    const media = parseSegment(bytes);
    this.follower.fetched(entry);
    this.dispatchEvent(Object.assign(new Event('segment'), { entry, bytes }));
    this.#batch.add(entry, media);
    const enough = Math.min(entry.duration, this.#batch.seconds + this.follower.distance(0));
    if (this.cushion < DRY && this.#batch.seconds < enough) return;
    const run = this.#run;
    for (const { entry, media } of this.#batch.take()) {
      if (run === this.#run) await this.engine.append(entry, media);
    }
    this.#changed();
  }

  #reloadAt() {
    if (this.follower.playlist?.ended) return this.#playlistLoadedAt + ENDED_INTERVAL;
    return this.#isAttended ? this.follower.reloadAt : NEVER;
  }

  /** Whether anybody listens or looks. */
  get #isAttended() {
    return this.wantsToPlay || !document.hidden;
  }

  /** What can be played without another download, s. */
  get #ahead() {
    return this.cushion + this.#batch.seconds;
  }

  /** @param {import('./follower.js').Join?} join */
  #perform(join) {
    if (!join) return;
    if (this.follower.next !== null) this.jumps++;
    this.#run++;
    this.#batch.begin(0);
    const time = this.engine.timeline.find(join.sequence, join.offset);
    if (time !== undefined && !join.afterCushion) {
      this.follower.next = this.engine.timeline.last.sequence + 1;
      this.engine.seek(time);
    } else {
      this.follower.next = join.sequence;
      this.#batch.begin(join.offset);
      this.engine.cue(join.offset, join.afterCushion);
    }
    this.#setRate();
    this.loader.interrupt();
  }

  get #isStale() {
    const { playlist } = this.follower;
    return playlist === null || now() - this.#playlistLoadedAt > STALE * playlist.targetDuration;
  }

  #setRate() {
    if (this.element.playbackRate !== this.follower.rate) this.element.playbackRate = this.follower.rate;
  }

  /** Goes live, from a playlist that tells where that is. */
  #join() {
    this.#isJoining = this.#isStale;
    if (this.#isJoining) this.engine.cue(0, false);
    else this.#perform(this.follower.goLive(now()));
  }

  // The engine and its element.

  #newEngine() {
    if (!this.Engine.isSupported) return;
    this.engine = new this.Engine(this.element, {
      keepBehind: () => Math.min(MOST_BEHIND, this.window),
      playlistUrl: this.#urls.playlist,
    });
    this.engine.addEventListener('error', () => this.#replaceEngine());
    // Faster and slower is heard as a time-stretcher's splices; a few cents of pitch are not heard at all.
    this.element.preservesPitch = false;
  }

  async #replaceEngine() {
    const pause = Math.max(0, this.#replacedAt + REPLACEMENT_PAUSE - now());
    this.#replacedAt = now() + pause;
    this.engine.close();
    this.engine = null;
    this.#run++;
    if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause * 1000));
    this.#batch.begin(0);
    this.#sounding = false;
    this.#heardAt = null;
    this.#newEngine();
    if (this.engine.takesSegments) this.#join();
    if (this.wantsToPlay) this.#playElement();
    this.loader.interrupt();
    this.#changed();
  }

  async #playElement() {
    try {
      await this.element.play();
    } catch (error) {
      // Any other refusal comes from a source that is being replaced, and is tried again with the next.
      if (error.name !== 'NotAllowedError') return;
      this.wantsToPlay = false;
      this.isBlocked = true;
      this.#changed();
    }
  }

  #listen() {
    const on = (type, listener) => this.element.addEventListener(type, listener);
    on('pause', () => {
      // An element that ends pauses too; that is not the listener's doing.
      if (!this.element.ended) this.wantsToPlay = false;
      this.#changed();
    });
    on('play', () => {
      // From a headset or the lock screen, past this page.
      if (!this.wantsToPlay) this.play();
    });
    on('waiting', () => {
      if (this.#sounding && !this.element.seeking && !this.follower.playlist?.ended) {
        this.stalls++;
        this.follower.stalled(now());
      }
      this.#sounding = false;
      this.#changed();
    });
    on('seeking', () => {
      this.#sounding = false;
      this.#heardAt = null;
    });
    on('playing', () => {
      this.isBlocked = false;
      this.#changed();
    });
    on('timeupdate', () => {
      this.#count();
      this.check();
      this.#changed();
    });
  }

  /** Adds up what was heard; a leap of the playhead is not listening. */
  #count() {
    const time = this.element.currentTime;
    const heard = this.#heardAt === null ? 0 : time - this.#heardAt;
    this.#heardAt = time;
    if (this.element.paused || this.element.seeking || heard <= 0) return;
    this.elapsed += heard;
    this.#sounding = true;
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}
