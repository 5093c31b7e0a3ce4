// Joins the download loop, the follower, the feed and the engine, and answers the listener's requests.

import { now } from '../net/clock.js';
import { dateRangeOfField } from '../hls/date-range.js';
import { chooseEngine, markFailed } from './engines/choose-engine.js';
import { Feed } from './feed.js';
import { LivePlanner } from './live-planner.js';
import { Cushion } from './cushion.js';
import { Loader } from '../net/loader.js';
import { totalSeconds } from '../hls/playlist.js';
import { listenerHeaders, withListenerId } from '../net/listener-id.js';
import { PlaybackMonitor } from './playback-monitor.js';
import { NowPlayingHistory } from '../hls/now-playing.js';
import { Watchdog } from './watchdog.js';
import { DEFAULT_LATENCY_MODE } from './latency-modes.js';

/** Less than this left to play is nothing, s. */
const DRY_SECONDS = 0.1;
/** Nobody listens or looks: the playlist is left alone until that changes. */
const NEVER = Infinity;
/** An ended stream may begin again: seconds between two looks. */
const ENDED_RELOAD_SECONDS = 10;
/** Without a word from the server for so many target durations nobody knows where the live end is. */
const STALE_TARGETS = 2;
/** Old media kept for going back, at most, s. */
const MAX_BEHIND_SECONDS = 60;
/** The least that is waited for the next title to be heard, ms: a browser's clock goes in steps. */
const NOW_PLAYING_STEP_MS = 10;
/** Between two new engines, s: a browser that refuses everything is not to be kept busy. */
const REPLACEMENT_PAUSE_SECONDS = 2;

/**
 * Events: `change` when anything the page shows may have changed, `latencymode` when the listener has chosen another one.
 */
export class Player extends EventTarget {
  /** Has the volume, whichever engine plays. @type {HTMLMediaElement} */
  element;
  cushion;
  planner;
  /** @type {MSEEngine | WebCodecsEngine | NativeEngine | null} null where the browser can't play the stream at all */
  engine = null;
  feed;
  loader;
  monitor = new PlaybackMonitor();

  /** Whether the listener wants to hear it; what really happens is the output's to say. */
  wantsToPlay = true;
  /** The browser wants a click before it plays. */
  isBlocked = false;
  latencyMode;

  #streamInfo;
  #urls;
  #engineName;
  #watchdog = new Watchdog();
  #isJoining = false;
  #lastWordAt = -Infinity;
  #replacedAt = -Infinity;
  #nowPlayingHistory = new NowPlayingHistory();
  #nowPlayingTimer;

  /**
   * @param {HTMLMediaElement} element
   * @param {{playlist: string, lowLatencyPlaylist: string}} urls
   * @param {import('../net/stream-info.js').StreamInfo} streamInfo
   * @param {{engine: string?, latencyMode: import('./latency-modes.js').LatencyMode?}} options see `chooseEngine`
   */
  constructor(element, urls, streamInfo, { engine = null, latencyMode = DEFAULT_LATENCY_MODE } = {}) {
    super();
    this.element = element;
    this.latencyMode = latencyMode;
    this.#urls = urls;
    this.#streamInfo = streamInfo;
    this.#engineName = engine;
    this.cushion = new Cushion(this.Engine.needs);
    this.cushion.requestedSeconds = latencyMode.cushionSeconds;
    this.planner = new LivePlanner(this.cushion);
    this.feed = new Feed(this.planner, this.cushion);
    this.loader = new Loader(urls.lowLatencyPlaylist, {
      onPlaylist: (playlist, loadedAt) => this.#loaded(playlist, loadedAt),
      segmentToFetch: () => this.#segmentToFetch(),
      onHeaders: (headers) => this.#onHeaders(headers),
      sink: (entry) => this.feed.sink(entry),
      onMissing: (entry) => this.planner.missing(entry),
      reloadAt: () => this.#reloadAt(),
      headers: () => listenerHeaders(this.isListening),
      fetchesParts: () => this.#streamInfo.fetchesParts,
      wantsEveryFrame: () => this.#wantsEveryFrame,
    });
    this.loader.addEventListener('status', () => this.#changed());
    streamInfo.addEventListener('clock', () => this.planner.doubtDates());
    this.feed.addEventListener('leap', () => this.loader.interrupt());
    this.feed.addEventListener('change', () => {
      this.#lastWordAt = now();
      this.#changed();
    });
    this.monitor.addEventListener('change', () => this.#changed());
    this.monitor.addEventListener('stall', () => this.cushion.stalled(now()));
    this.monitor.addEventListener('sound', () => this.cushion.resumed(now()));
  }

  /** The engine that plays, or will. */
  get Engine() {
    return chooseEngine(this.latencyMode, this.#engineName);
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
    if (!this.engine.playsFrames) {
      if (this.isBlocked) this.engine.seekLive();
    } else if (this.isBlocked || this.#isStale) {
      this.#join();
    } else {
      this.feed.perform(this.planner.resume(this.cushionSeconds, now()));
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
    if (!this.engine.playsFrames) this.engine.seekLive();
    else this.feed.perform(this.planner.goLive(now()));
    if (!this.wantsToPlay) this.play();
    this.#changed();
  }

  /** Goes to so many seconds behind the live edge. */
  goTo(behind) {
    if (!this.engine) return;
    const target = Math.min(Math.max(behind, 0), this.windowSeconds);
    if (!this.engine.playsFrames) this.engine.seekToDistance(target);
    else this.feed.perform(this.planner.goTo(target, now()));
    // Back from the end of a stream that has ended.
    if (this.wantsToPlay && this.engine.output.paused) this.#playOutput();
    this.#changed();
  }

  /** Goes to `fraction` of the way through a segment of the ring. */
  goToSegment(sequence, fraction) {
    const { entries } = this.planner.playlist;
    const later = entries.filter((entry) => entry.sequence >= sequence);
    if (later[0]?.sequence !== sequence) return this.goLive();
    this.goTo(totalSeconds(later) - fraction * later[0].durationSeconds + this.planner.edgeAgeSeconds(now()));
  }

  /** How late to be from now on. @param {import('./latency-modes.js').LatencyMode} latencyMode */
  setLatencyMode(latencyMode) {
    if (latencyMode === this.latencyMode) return;
    const { Engine } = this;
    this.latencyMode = latencyMode;
    this.cushion.requestedSeconds = latencyMode.cushionSeconds;
    if (this.Engine !== Engine) this.#replaceEngine();
    else if (this.wantsToPlay && this.planner.isLive) this.goLive();
    this.dispatchEvent(new Event('latencymode'));
    this.#changed();
  }

  // What there is to tell.

  /** Seconds that can be heard without another download. */
  get cushionSeconds() {
    return this.engine?.cushionSeconds ?? 0;
  }

  /** Seconds from what is heard to the live edge. */
  get behindEdgeSeconds() {
    if (!this.planner.playlist || !this.engine) return 0;
    if (!this.engine.playsFrames) return this.engine.distanceSeconds;
    return this.planner.nextSequence === null ? 0 : this.planner.behindEdgeSeconds(this.feed.aheadSeconds, now());
  }

  /** How far back the listener can go, s. */
  get windowSeconds() {
    return this.planner.windowSeconds(now());
  }

  /** Seconds between the recording of what is heard and now, by the server's clock; null where it is not known. */
  get behindLiveSeconds() {
    const date = this.engine?.playing.date ?? null;
    const time = this.#streamInfo.serverTime();
    return date === null || time === null ? null : (time - date) / 1000;
  }

  /** What plays, where it is heard; null where nothing is said of it. @type {import('../hls/date-range.js').NowPlaying?} */
  get nowPlaying() {
    const date = this.engine?.playing.date ?? null;
    const isStarting = date === null && this.wantsToPlay && this.engine?.playsFrames;
    return isStarting ? null : this.#nowPlayingHistory.at(date);
  }

  /** Seconds of the segment that is being recorded now; null when none is, as far as is known. */
  get recordedSeconds() {
    const { playlist } = this.planner;
    const isKnown = playlist !== null && this.loader.status.phase === 'loaded';
    return isKnown && !playlist.ended ? this.planner.edgeAgeSeconds(now()) : null;
  }

  get isEnded() {
    const isOver = this.engine?.output.ended || this.cushionSeconds < DRY_SECONDS && this.engine?.ended;
    return Boolean(this.planner.playlist?.ended && isOver);
  }

  /** Whether it is to be counted: who only looks is no listener. */
  get isListening() {
    return this.wantsToPlay && this.engine !== null && !this.isEnded;
  }

  /** To be called from whatever still happens in a hidden page. */
  check() {
    this.loader.check();
    if (this.#isAttended) this.#streamInfo.refresh();
    if (!this.engine) return;
    const { currentTime: time, paused } = this.engine.output;
    const seen = { now: now(), time, cushionSeconds: this.cushionSeconds, wantsToPlay: this.wantsToPlay && !paused };
    const verdict = this.#watchdog.look(seen);
    if (verdict === 'nudge') this.engine.seek?.(time + 0.05);
    if (verdict === 'replace') this.#replaceEngine();
  }

  // The loader's questions.

  async #loaded(playlist, loadedAt) {
    // How old the playlist is decides where to start.
    await this.#streamInfo.firstAnswer;
    this.feed.prime(this.#streamInfo.latest ?? undefined);
    this.#lastWordAt = now();
    this.#nowPlayingHistory.add(playlist.dateRanges);
    this.planner.ringSize = this.#streamInfo.latest?.ringSize ?? null;
    this.#expectGrowth();
    const hasBegunAgain = this.planner.playlist?.ended && !playlist.ended;
    const end = playlist.entries.at(-1);
    const time = this.#streamInfo.serverTime(loadedAt);
    const edgeAgeSeconds = !end || end.date === null || time === null ? null : (time - end.date) / 1000 - end.durationSeconds;
    const isActive = this.engine?.playsFrames && this.wantsToPlay;
    const join = this.planner.loaded(playlist, loadedAt, edgeAgeSeconds, isActive ? this.feed.aheadSeconds : null);
    if (!this.engine?.playsFrames) this.engine?.observe(playlist);
    else if (hasBegunAgain && this.engine.ended) this.#replaceEngine();
    else if (isActive) {
      this.feed.perform(this.#isJoining ? this.planner.goLive(now()) : join);
      this.#isJoining = false;
    }
    this.#changed();
  }

  #expectGrowth() {
    const { latest, fetchesParts } = this.#streamInfo;
    const chunkSeconds = this.#wantsEveryFrame ? latest.promptChunkLength : latest?.chunkLength;
    this.planner.setArrivals(fetchesParts ? latest.partLength : null, chunkSeconds);
  }

  get #wantsEveryFrame() {
    return Boolean(this.engine?.wantsEveryFrame && this.#streamInfo.latest?.promptChunkLength);
  }

  /** A segment says what plays as it begins. */
  #onHeaders(headers) {
    const range = dateRangeOfField(headers.get('Ringcast-Date-Range'));
    if (range !== null) this.#nowPlayingHistory.add([range]);
  }

  #segmentToFetch() {
    if (!this.engine?.playsFrames || !this.wantsToPlay || this.#isJoining || !this.planner.playlist) return null;
    const entry = this.planner.segmentToFetch(this.feed.aheadSeconds);
    if (entry === null && this.planner.playlist.ended && this.planner.nextSequence > this.planner.last) this.engine.end();
    return entry;
  }

  #reloadAt() {
    if (this.planner.playlist?.ended) return this.#lastWordAt + ENDED_RELOAD_SECONDS;
    return this.#isAttended ? this.planner.reloadAt(this.wantsToPlay && this.engine?.playsFrames) : NEVER;
  }

  /** Whether anybody listens or looks. */
  get #isAttended() {
    return this.wantsToPlay || !document.hidden;
  }

  get #isStale() {
    const { playlist } = this.planner;
    return playlist === null || now() - this.#lastWordAt > STALE_TARGETS * playlist.targetDurationSeconds;
  }

  /** Goes live, from a playlist that tells where that is. */
  #join() {
    this.#isJoining = this.#isStale;
    if (this.#isJoining) this.engine.cue(false);
    else this.feed.perform(this.planner.goLive(now()));
  }

  // The engine and its output.

  #newEngine() {
    const { Engine } = this;
    if (!Engine.isSupported) return;
    this.engine = new Engine(this.element, {
      behindSecondsToKeep: () => Math.min(MAX_BEHIND_SECONDS, this.windowSeconds),
      playlistUrl: withListenerId(this.#urls.playlist),
    });
    this.engine.addEventListener('error', () => {
      markFailed(Engine);
      this.#replaceEngine();
    });
    this.cushion.useEngine(Engine.needs);
    this.#expectGrowth();
    this.feed.plug(this.engine.playsFrames ? this.engine : null);
    const { output } = this.engine;
    // Faster and slower is heard as a time-stretcher's splices; a few cents of pitch are not heard at all.
    output.preservesPitch = false;
    const signal = this.monitor.watch(output, () => this.wantsToPlay && !this.planner.playlist?.ended);
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
    const pauseSeconds = Math.max(0, this.#replacedAt + REPLACEMENT_PAUSE_SECONDS - now());
    this.#replacedAt = now() + pauseSeconds;
    this.monitor.unwatch();
    this.engine.close();
    this.engine = null;
    this.feed.plug(null);
    this.loader.interrupt();
    if (pauseSeconds > 0) await new Promise((resolve) => setTimeout(resolve, pauseSeconds * 1000));
    this.#newEngine();
    if (this.engine.playsFrames) this.#join();
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
  #awaitNowPlaying() {
    clearTimeout(this.#nowPlayingTimer);
    const date = this.monitor.isSounding ? this.engine?.playing.date ?? null : null;
    const waitMs = date === null ? Infinity : this.#nowPlayingHistory.msUntilNext(date);
    if (waitMs < Infinity) this.#nowPlayingTimer = setTimeout(() => this.#changed(), Math.max(NOW_PLAYING_STEP_MS, waitMs));
  }

  #changed() {
    this.#awaitNowPlaying();
    this.dispatchEvent(new Event('change'));
  }
}
