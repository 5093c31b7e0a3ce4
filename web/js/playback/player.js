// Joins the download loop, the follower, the feed and the engine, and answers the listener's requests.

import { now } from '../net/alarm.js';
import { dateRangeOfField } from '../hls/date-range.js';
import { engineFor, giveUp } from './engines/engines.js';
import { Feed } from './feed.js';
import { Follower } from './follower.js';
import { Latency } from './latency.js';
import { Loader } from '../net/loader.js';
import { totalDuration } from '../hls/playlist.js';
import { sessionHeaders, withSession } from '../net/session.js';
import { Sounding } from './sounding.js';
import { Titles } from '../hls/titles.js';
import { Watchdog } from './watchdog.js';
import { DEFAULT_WISH } from './wishes.js';

/** Less than this left to play is nothing, s. */
const DRY = 0.1;
/** Nobody listens or looks: the playlist is left alone until that changes. */
const NEVER = Infinity;
/** An ended stream may begin again: seconds between two looks. */
const ENDED_INTERVAL = 10;
/** Without a word from the server for so many target durations nobody knows where the live end is. */
const STALE = 2;
/** Old media kept for going back, at most, s. */
const MOST_BEHIND = 60;
/** The least that is waited for the next title to be heard, ms: a browser's clock goes in steps. */
const TITLE_STEP = 10;
/** Between two new engines, s: a browser that refuses everything is not to be kept busy. */
const REPLACEMENT_PAUSE = 2;

/**
 * Events: `change` when anything the page shows may have changed, `wish` when the listener has chosen another one.
 */
export class Player extends EventTarget {
  /** Has the volume, whichever engine plays. @type {HTMLMediaElement} */
  element;
  latency;
  follower;
  /** @type {MSEEngine | WebCodecsEngine | NativeEngine | null} null where the browser can't play the stream at all */
  engine = null;
  feed;
  loader;
  sounding = new Sounding();

  /** Whether the listener wants to hear it; what really happens is the output's to say. */
  wantsToPlay = true;
  /** The browser wants a click before it plays. */
  isBlocked = false;
  wish;

  #description;
  #urls;
  #engineName;
  #watchdog = new Watchdog();
  #isJoining = false;
  #lastWordAt = -Infinity;
  #replacedAt = -Infinity;
  #titles = new Titles();
  #titleTimer;

  /**
   * @param {HTMLMediaElement} element
   * @param {{playlist: string, parts: string}} urls
   * @param {import('../net/description.js').Description} description
   * @param {{engine: string?, wish: import('./wishes.js').Wish?}} options see `engineFor`
   */
  constructor(element, urls, description, { engine = null, wish = DEFAULT_WISH } = {}) {
    super();
    this.element = element;
    this.wish = wish;
    this.#urls = urls;
    this.#description = description;
    this.#engineName = engine;
    this.latency = new Latency(this.Engine.needs);
    this.latency.wish = wish.cushion;
    this.follower = new Follower(this.latency);
    this.feed = new Feed(this.follower, this.latency);
    this.loader = new Loader(urls.parts, {
      loaded: (playlist, loadedAt) => this.#loaded(playlist, loadedAt),
      wanted: () => this.#wanted(),
      told: (headers) => this.#told(headers),
      taker: (entry) => this.feed.taker(entry),
      missing: (entry) => this.follower.missing(entry),
      reloadAt: () => this.#reloadAt(),
      headers: () => sessionHeaders(this.isListening),
      takesParts: () => this.#description.takesParts,
      takesPromptly: () => this.#takesPromptly,
    });
    this.loader.addEventListener('status', () => this.#changed());
    description.addEventListener('clock', () => this.follower.doubtDates());
    this.feed.addEventListener('leap', () => this.loader.interrupt());
    this.feed.addEventListener('change', () => {
      this.#lastWordAt = now();
      this.#changed();
    });
    this.sounding.addEventListener('change', () => this.#changed());
    this.sounding.addEventListener('stall', () => this.latency.stalled(now()));
    this.sounding.addEventListener('sound', () => this.latency.resumed(now()));
  }

  /** The engine that plays, or will. */
  get Engine() {
    return engineFor(this.wish, this.#engineName);
  }

  start() {
    this.#newEngine();
    this.loader.run();
    if (this.engine) this.#playOutput();
  }

  // The listener's requests. What becomes of them shows in the output's own events.

  play() {
    this.wantsToPlay = true;
    // A new engine may be on its way: it plays when it comes. And an element that has ended would begin again.
    if (!this.engine || this.isEnded) return;
    this.#playOutput();
    if (!this.engine.takesFrames) {
      if (this.isBlocked) this.engine.seekLive();
    } else if (this.isBlocked || this.#isStale) {
      this.#join();
    } else {
      this.feed.perform(this.follower.resume(this.cushion, now()));
    }
    this.isBlocked = false;
    this.loader.interrupt();
    this.#changed();
  }

  pause() {
    this.engine?.output.pause();
  }

  toggle() {
    if (this.isEnded) return;
    if (this.wantsToPlay) this.pause();
    else this.play();
  }

  goLive() {
    if (!this.engine) return;
    if (!this.engine.takesFrames) this.engine.seekLive();
    else this.feed.perform(this.follower.goLive(now()));
    if (!this.wantsToPlay) this.play();
    this.#changed();
  }

  /** Goes to so many seconds behind the live edge. */
  goTo(behind) {
    if (!this.engine) return;
    const target = Math.min(Math.max(behind, 0), this.window);
    if (!this.engine.takesFrames) this.engine.seekToDistance(target);
    else this.feed.perform(this.follower.goTo(target, now()));
    // Back from the end of a stream that has ended.
    if (this.wantsToPlay && this.engine.output.paused) this.#playOutput();
    this.#changed();
  }

  /** Goes to `fraction` of the way through a segment of the ring. */
  goToSegment(sequence, fraction) {
    const { entries } = this.follower.playlist;
    const later = entries.filter((entry) => entry.sequence >= sequence);
    if (later[0]?.sequence !== sequence) return this.goLive();
    this.goTo(totalDuration(later) - fraction * later[0].duration + this.follower.edgeAge(now()));
  }

  /** How late to be from now on. @param {import('./wishes.js').Wish} wish */
  wishFor(wish) {
    if (wish === this.wish) return;
    const { Engine } = this;
    this.wish = wish;
    this.latency.wish = wish.cushion;
    if (this.Engine !== Engine) this.#replaceEngine();
    else if (this.wantsToPlay && this.follower.live) this.goLive();
    this.dispatchEvent(new Event('wish'));
    this.#changed();
  }

  // What there is to tell.

  /** Seconds that can be heard without another download. */
  get cushion() {
    return this.engine?.cushion ?? 0;
  }

  /** Seconds from what is heard to the live edge. */
  get behindEdge() {
    if (!this.follower.playlist || !this.engine) return 0;
    if (!this.engine.takesFrames) return this.engine.distance;
    return this.follower.next === null ? 0 : this.follower.behindEdge(this.feed.ahead, now());
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

  /** What plays, where it is heard; null where nothing is said of it. @type {import('../hls/date-range.js').NowPlaying?} */
  get nowPlaying() {
    const date = this.engine?.playing.date ?? null;
    const isStarting = date === null && this.wantsToPlay && this.engine?.takesFrames;
    return isStarting ? null : this.#titles.at(date);
  }

  /** Seconds of the segment that is being recorded now; null when none is, as far as is known. */
  get recorded() {
    const { playlist } = this.follower;
    const isKnown = playlist !== null && this.loader.status.phase === 'loaded';
    return isKnown && !playlist.ended ? this.follower.edgeAge(now()) : null;
  }

  get isEnded() {
    const isOver = this.engine?.output.ended || this.cushion < DRY && this.engine?.ended;
    return Boolean(this.follower.playlist?.ended && isOver);
  }

  /** Whether it is to be counted: who only looks is no listener. */
  get isListening() {
    return this.wantsToPlay && this.engine !== null && !this.isEnded;
  }

  /** To be called from whatever still happens in a hidden page. */
  check() {
    this.loader.check();
    if (this.#isAttended) this.#description.refresh();
    if (!this.engine) return;
    const { currentTime: time, paused } = this.engine.output;
    const seen = { now: now(), time, cushion: this.cushion, wantsToPlay: this.wantsToPlay && !paused };
    const verdict = this.#watchdog.look(seen);
    if (verdict === 'nudge') this.engine.seek?.(time + 0.05);
    if (verdict === 'replace') this.#replaceEngine();
  }

  // The loader's questions.

  async #loaded(playlist, loadedAt) {
    // How old the playlist is decides where to start.
    await this.#description.firstAnswer;
    this.feed.prime(this.#description.facts ?? undefined);
    this.#lastWordAt = now();
    this.#titles.add(playlist.dateRanges);
    this.follower.ringSize = this.#description.facts?.ringSize ?? null;
    this.#expectGrowth();
    const hasBegunAgain = this.follower.playlist?.ended && !playlist.ended;
    const end = playlist.entries.at(-1);
    const time = this.#description.serverTime(loadedAt);
    const edgeAge = !end || end.date === null || time === null ? null : (time - end.date) / 1000 - end.duration;
    const isActive = this.engine?.takesFrames && this.wantsToPlay;
    const join = this.follower.loaded(playlist, loadedAt, edgeAge, isActive ? this.feed.ahead : null);
    if (!this.engine?.takesFrames) this.engine?.observe(playlist);
    else if (hasBegunAgain && this.engine.ended) this.#replaceEngine();
    else if (isActive) {
      this.feed.perform(this.#isJoining ? this.follower.goLive(now()) : join);
      this.#isJoining = false;
    }
    this.#changed();
  }

  #expectGrowth() {
    const { facts, takesParts } = this.#description;
    const chunkLength = this.#takesPromptly ? facts.promptChunkLength : facts?.chunkLength;
    this.follower.growsBy(takesParts ? facts.partLength : null, chunkLength);
  }

  get #takesPromptly() {
    return Boolean(this.engine?.takesPromptly && this.#description.facts?.promptChunkLength);
  }

  /** A segment says what plays as it begins. */
  #told(headers) {
    const range = dateRangeOfField(headers.get('Ringcast-Date-Range'));
    if (range !== null) this.#titles.add([range]);
  }

  #wanted() {
    if (!this.engine?.takesFrames || !this.wantsToPlay || this.#isJoining || !this.follower.playlist) return null;
    const entry = this.follower.wanted(this.feed.ahead);
    if (entry === null && this.follower.playlist.ended && this.follower.next > this.follower.last) this.engine.end();
    return entry;
  }

  #reloadAt() {
    if (this.follower.playlist?.ended) return this.#lastWordAt + ENDED_INTERVAL;
    return this.#isAttended ? this.follower.reloadAt(this.wantsToPlay && this.engine?.takesFrames) : NEVER;
  }

  /** Whether anybody listens or looks. */
  get #isAttended() {
    return this.wantsToPlay || !document.hidden;
  }

  get #isStale() {
    const { playlist } = this.follower;
    return playlist === null || now() - this.#lastWordAt > STALE * playlist.targetDuration;
  }

  /** Goes live, from a playlist that tells where that is. */
  #join() {
    this.#isJoining = this.#isStale;
    if (this.#isJoining) this.engine.cue(false);
    else this.feed.perform(this.follower.goLive(now()));
  }

  // The engine and its output.

  #newEngine() {
    const { Engine } = this;
    if (!Engine.isSupported) return;
    this.engine = new Engine(this.element, {
      keepBehind: () => Math.min(MOST_BEHIND, this.window),
      playlistUrl: withSession(this.#urls.playlist),
    });
    this.engine.addEventListener('error', () => {
      giveUp(Engine);
      this.#replaceEngine();
    });
    this.latency.suit(Engine.needs);
    this.#expectGrowth();
    this.feed.plug(this.engine.takesFrames ? this.engine : null);
    const { output } = this.engine;
    // Faster and slower is heard as a time-stretcher's splices; a few cents of pitch are not heard at all.
    output.preservesPitch = false;
    const signal = this.sounding.follow(output, () => this.wantsToPlay && !this.follower.playlist?.ended);
    const on = (type, listener) => output.addEventListener(type, listener, { signal });
    on('pause', () => {
      // An element that ends pauses too; that is not the listener's doing.
      if (!output.ended) this.wantsToPlay = false;
      this.loader.interrupt();
      this.#changed();
    });
    on('play', () => {
      // From a headset or the lock screen, past this page.
      if (!this.wantsToPlay) this.play();
    });
    on('playing', () => { this.isBlocked = false; });
    on('timeupdate', () => this.check());
  }

  async #replaceEngine() {
    if (this.engine === null) return;
    const pause = Math.max(0, this.#replacedAt + REPLACEMENT_PAUSE - now());
    this.#replacedAt = now() + pause;
    this.sounding.leave();
    this.engine.close();
    this.engine = null;
    this.feed.plug(null);
    this.loader.interrupt();
    if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause * 1000));
    this.#newEngine();
    if (this.engine.takesFrames) this.#join();
    if (this.wantsToPlay) this.#playOutput();
    this.loader.interrupt();
    this.#changed();
  }

  async #playOutput() {
    try {
      await this.engine.output.play();
    } catch (error) {
      // Any other refusal comes from a source that is being replaced, and is tried again with the next.
      if (error.name !== 'NotAllowedError') return;
      this.wantsToPlay = false;
      this.isBlocked = true;
      this.#changed();
    }
  }

  /** Has the page look again at the moment that the next title is heard. */
  #awaitTitle() {
    clearTimeout(this.#titleTimer);
    const date = this.sounding.now ? this.engine?.playing.date ?? null : null;
    const wait = date === null ? Infinity : this.#titles.until(date);
    if (wait < Infinity) this.#titleTimer = setTimeout(() => this.#changed(), Math.max(TITLE_STEP, wait));
  }

  #changed() {
    this.#awaitTitle();
    this.dispatchEvent(new Event('change'));
  }
}
