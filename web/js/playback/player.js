// The player: performs what the player machine decides, with the downloads, the engine and the media element.

import { dateRangeOfField } from '../hls/date-range.js';
import { now } from '../net/clock.js';
import { listenerHeaders, withListenerId } from '../net/listener-id.js';
import { Loader } from '../net/loader.js';
import { chooseEngine, markFailed } from './engines/choose-engine.js';
import { Feed } from './feed.js';
import { DEFAULT_LATENCY_MODE } from './latency-modes.js';
import { PlaybackMonitor } from './playback-monitor.js';
import { PlayerMachine } from './player-machine.js';

/** At most this much old media is kept, so that the listener can go back at once. */
const MAX_BEHIND_SECONDS = 60;
/** The shortest wait for the next title: a browser's clock goes in steps. */
const MIN_TITLE_WAIT_MS = 10;

/**
 * Events: `change` when anything that the page shows may have changed, `latencymode` when the listener has chosen
 * another latency mode.
 */
export class Player extends EventTarget {
  #element;
  #engine = null;
  #feed;
  #loader;
  #monitor = new PlaybackMonitor();
  #machine;
  #streamInfo;
  #urls;
  #engineName;
  #titleTimer;
  #isClosed = false;

  /**
   * @param {HTMLMediaElement} element has the volume, whichever engine plays
   * @param {{playlist: string, lowLatencyPlaylist: string}} urls
   * @param {import('../net/stream-info.js').StreamInfo} streamInfo
   * @param {{engine: string?, latencyMode: import('./latency-modes.js').LatencyMode?}} options see `chooseEngine`
   */
  constructor(element, urls, streamInfo, { engine = null, latencyMode = DEFAULT_LATENCY_MODE } = {}) {
    super();
    this.#element = element;
    this.#urls = urls;
    this.#streamInfo = streamInfo;
    this.#engineName = engine;
    this.#machine = new PlayerMachine(latencyMode, chooseEngine(latencyMode, engine).needs);
    this.#feed = new Feed(this.#machine.planner, this.#machine.cushion);
    this.#loader = this.#newLoader();
    this.#connect();
  }

  #newLoader() {
    const machine = this.#machine;
    return new Loader(this.#urls.lowLatencyPlaylist, {
      onPlaylist: (playlist, loadedAt) => this.#usePlaylist(playlist, loadedAt),
      segmentToFetch: () => this.#segmentToFetch(),
      onHeaders: (headers) => this.#useHeaders(headers),
      sink: (entry) => this.#feed.sink(entry),
      onMissing: (entry) => this.#send({ type: 'segment-missing', entry }),
      reloadAt: () => machine.reloadAt(this.#world),
      headers: () => listenerHeaders(this.isListening),
      fetchesParts: () => this.#streamInfo.fetchesParts,
      wantsEveryFrame: () => machine.wantsEveryFrame(this.#world),
    });
  }

  #connect() {
    this.#loader.addEventListener('status', () => this.#announce('change'));
    this.#streamInfo.addEventListener('clock', () => this.#send({ type: 'server-clock-set' }));
    this.#feed.addEventListener('jump', () => this.#loader.interrupt());
    this.#feed.addEventListener('change', () => this.#send({ type: 'frames-arrived' }));
    this.#monitor.addEventListener('change', () => this.#announce('change'));
    this.#monitor.addEventListener('stall', () => this.#send({ type: 'stalled' }));
    this.#monitor.addEventListener('sound', () => this.#send({ type: 'sounding' }));
  }

  // The listener's requests. The output's own events tell what becomes of them.

  start() {
    this.#send({ type: 'start' });
  }

  play() {
    this.#send({ type: 'play' });
  }

  pause() {
    this.#send({ type: 'pause' });
  }

  /** Pauses or plays. */
  toggle() {
    this.#send({ type: 'toggle' });
  }

  goLive() {
    this.#send({ type: 'go-live' });
  }

  /** Goes to a place by its distance from the live edge. */
  goTo(behindEdgeSeconds) {
    this.#send({ type: 'go-to', behindEdgeSeconds });
  }

  /** Goes to the sound of a date, milliseconds since 1970. */
  goToDate(date) {
    if (this.heardDate !== null) this.goTo(this.behindEdgeSeconds + (this.heardDate - date) / 1000);
  }

  /** Goes to `fraction` (0 to 1) of the way through a segment of the ring. */
  goToSegment(sequence, fraction) {
    this.#send({ type: 'go-to-segment', sequence, fraction });
  }

  /** @param {import('./latency-modes.js').LatencyMode} latencyMode */
  setLatencyMode(latencyMode) {
    const changesEngine = chooseEngine(latencyMode, this.#engineName) !== this.Engine;
    this.#send({ type: 'set-latency-mode', latencyMode, changesEngine });
  }

  /** Any event may call this. A hidden page's timers are slow. */
  check() {
    if (this.#isClosed) return;
    this.#loader.check();
    if (this.#machine.isAttended(this.#world)) this.#streamInfo.refresh();
    this.#send({ type: 'tick' });
  }

  /** The page is visible again: a wait may be over. */
  wake() {
    this.#loader.wake();
  }

  /** The network is back: a download that hangs in the old one would take long to fail. */
  reconnect() {
    this.#loader.interrupt();
  }

  /**
   * Ends the downloads, the timers and the sound for good, and frees the media element for another player. No event
   * comes afterwards.
   */
  close() {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#titleTimer);
    this.#loader.close();
    this.#streamInfo.close();
    this.#monitor.unwatch();
    this.#feed.plug(null);
    this.#engine?.close();
    this.#engine = null;
  }

  // The player's state.

  /** The media element that has the volume. */
  get element() {
    return this.#element;
  }

  /** The class of the engine that plays or will play. */
  get Engine() {
    return chooseEngine(this.latencyMode, this.#engineName);
  }

  /** @returns {MSEEngine | WebCodecsEngine | NativeEngine | null} null where this browser can't play the stream */
  get engine() {
    return this.#engine;
  }

  get feed() {
    return this.#feed;
  }

  get monitor() {
    return this.#monitor;
  }

  get planner() {
    return this.#machine.planner;
  }

  /** @returns {import('../net/loader.js').LoaderStatus} */
  get loaderStatus() {
    return this.#loader.status;
  }

  /** The speed at which sound comes in. */
  get connectionSpeed() {
    return this.#loader.speed;
  }

  get wantsToPlay() {
    return this.#machine.wantsToPlay;
  }

  get isBlocked() {
    return this.#machine.isBlocked;
  }

  get latencyMode() {
    return this.#machine.latencyMode;
  }

  get targetSeconds() {
    return this.#machine.cushion.targetSeconds(now());
  }

  get cushionSeconds() {
    return this.#engine?.cushionSeconds ?? 0;
  }

  get isEnded() {
    return this.#machine.isEnded(this.#world);
  }

  get isListening() {
    return this.#machine.isListening(this.#world);
  }

  get behindEdgeSeconds() {
    return this.#machine.behindEdgeSeconds(this.#world);
  }

  get behindLiveSeconds() {
    return this.#machine.behindLiveSeconds(this.#world);
  }

  /** Milliseconds since 1970 of the sound that is heard; null where it is unknown. */
  get heardDate() {
    return this.#engine?.playing.date ?? null;
  }

  get windowSeconds() {
    return this.#machine.windowSeconds(this.#world);
  }

  get nowPlaying() {
    return this.#machine.nowPlaying(this.#world);
  }

  /** The titles before the one that is heard, the latest first. */
  get playedBefore() {
    return this.#machine.playedBefore(this.#world);
  }

  /** Seconds recorded of the recording segment; null while the server doesn't answer, or where there is none. */
  get recordedSeconds() {
    return this.#loader.status.phase === 'loaded' ? this.#machine.recordedSeconds(this.#world) : null;
  }

  // Events to the machine, and its commands.

  /** @returns {import('./player-machine.js').World} */
  get #world() {
    const [feed, streamInfo] = [this.#feed, this.#streamInfo];
    return {
      now: now(),
      isVisible: !document.hidden,
      engine: this.#engine && stateOf(this.#engine),
      get aheadSeconds() { return feed.aheadSeconds; },
      info: streamInfo.latest,
      fetchesParts: streamInfo.fetchesParts,
      get serverTime() { return streamInfo.serverTime(); },
    };
  }

  /** @param {import('./player-machine.js').PlayerEvent} event */
  #send(event) {
    if (this.#isClosed) return;
    for (const command of this.#machine.handle(event, this.#world)) this.#perform(command);
  }

  /** @param {import('./player-machine.js').Command} command */
  #perform(command) {
    const engine = this.#engine;
    switch (command.do) {
      case 'create-engine': return this.#createEngine();
      case 'replace-engine': return void this.#replaceEngine(command.pauseSeconds);
      case 'run-loader': return void this.#loader.run();
      case 'interrupt-download': return this.#loader.interrupt();
      case 'play-output': return void this.#playOutput();
      case 'pause-output': return engine?.output.pause();
      case 'join': return this.#feed.perform(command.join);
      case 'discard-cushion': return engine.expectDiscontinuity(false);
      case 'end-engine': return void engine.end();
      case 'seek': return engine.seek?.(command.time);
      case 'show-playlist': return engine.observe(command.playlist);
      case 'seek-live': return engine.seekLive();
      case 'seek-to-distance': return engine.seekToDistance(command.distanceSeconds);
      case 'send': return this.#send(command.event);
      case 'announce': return this.#announce(command.type);
      default: throw new TypeError(`the player has no command ${command.do}`);
    }
  }

  #announce(type) {
    if (this.#isClosed) return;
    this.#awaitTitle();
    this.dispatchEvent(new Event(type));
  }

  /** Announces a change at the moment when the listener hears the next title. */
  #awaitTitle() {
    clearTimeout(this.#titleTimer);
    const waitMs = this.#monitor.isSounding ? this.#machine.msUntilNextTitle(this.#world) : Infinity;
    if (waitMs === Infinity) return;
    this.#titleTimer = setTimeout(() => this.#announce('change'), Math.max(MIN_TITLE_WAIT_MS, waitMs));
  }

  // The loader's questions and news.

  async #usePlaylist(playlist, loadedAt) {
    // The age of the playlist decides where to start, and the server's answer tells that age.
    await this.#streamInfo.firstAnswer;
    if (this.#isClosed) return;
    this.#feed.prime(this.#streamInfo.latest ?? undefined);
    const serverTimeAtLoad = this.#streamInfo.serverTime(loadedAt);
    this.#send({ type: 'playlist', playlist, loadedAt, serverTimeAtLoad });
  }

  #segmentToFetch() {
    const entry = this.#machine.segmentToFetch(this.#world);
    if (entry === null) this.#send({ type: 'nothing-to-fetch' });
    return entry;
  }

  /** The header section of a segment tells what plays as the segment begins. */
  #useHeaders(headers) {
    const range = dateRangeOfField(headers.get('Ringcast-Date-Range'));
    if (range !== null) this.#send({ type: 'date-range', range });
  }

  // The engine and its output.

  #createEngine() {
    const { Engine } = this;
    if (!Engine.isSupported) return;
    const engine = this.#engine = new Engine(this.#element, {
      behindSecondsToKeep: () => Math.min(MAX_BEHIND_SECONDS, this.windowSeconds),
      playlistUrl: withListenerId(this.#urls.playlist),
    });
    engine.addEventListener('error', () => {
      markFailed(Engine);
      this.#send({ type: 'engine-failed' });
    });
    this.#feed.plug(engine.playsFrames ? engine : null);
    this.#watchOutput(engine.output);
    this.#send({ type: 'engine-created', needs: Engine.needs });
  }

  #watchOutput(output) {
    const signal = this.#monitor.watch(output, () => this.wantsToPlay && !this.planner.playlist?.ended);
    const on = (type, listener) => output.addEventListener(type, listener, { signal });
    on('pause', () => this.#send({ type: 'output-paused' }));
    // The lock screen and a headset play and pause the media element, not the page.
    on('play', () => this.#send({ type: 'output-played' }));
    on('playing', () => this.#send({ type: 'output-playing' }));
    on('timeupdate', () => this.check());
  }

  async #replaceEngine(pauseSeconds) {
    this.#monitor.unwatch();
    this.#engine.close();
    this.#engine = null;
    this.#feed.plug(null);
    this.#loader.interrupt();
    if (pauseSeconds > 0) await new Promise((resolve) => setTimeout(resolve, pauseSeconds * 1000));
    if (this.#isClosed) return;
    this.#createEngine();
  }

  async #playOutput() {
    try {
      await this.#engine?.output.play();
    } catch (error) {
      // Any other refusal comes from an engine that is being replaced. The next engine plays again.
      if (error.name === 'NotAllowedError') this.#send({ type: 'play-refused' });
    }
  }
}

/** @returns {import('./player-machine.js').EngineState} that reads the engine at the moment of each question */
const stateOf = (engine) => ({
  playsFrames: engine.playsFrames,
  wantsEveryFrame: engine.wantsEveryFrame,
  get cushionSeconds() { return engine.cushionSeconds; },
  get distanceSeconds() { return engine.distanceSeconds; },
  get heardDate() { return engine.playing.date; },
  get hasEnded() { return engine.ended; },
  get isPaused() { return engine.output.paused; },
  get outputHasEnded() { return engine.output.ended; },
  get time() { return engine.output.currentTime; },
});
