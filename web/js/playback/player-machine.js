// The player's decisions: an event comes in, commands go out.

import { NowPlayingHistory } from '../hls/now-playing.js';
import { totalSeconds } from '../hls/playlist.js';
import { Cushion } from './cushion.js';
import { LivePlanner } from './live-planner.js';
import { Watchdog } from './watchdog.js';

/** A cushion of less than this is empty. */
const EMPTY_SECONDS = 0.1;
/** While nobody listens or looks, the playlist is not loaded. */
const NEVER = Infinity;
/** An ended stream may begin again. This is the time between two loads of its playlist. */
const ENDED_RELOAD_SECONDS = 10;
/** After this many target durations without news from the server the place of the live edge is unknown. */
const STALE_TARGETS = 2;
/** The time between two new engines: a browser that refuses every engine must not be kept busy. */
const REPLACEMENT_PAUSE_SECONDS = 2;
/** A seek by this much makes a hung media element play again. */
const NUDGE_SECONDS = 0.05;

/**
 * The world at the moment of an event or a question. The shell may compute a value when the machine reads it.
 *
 * @typedef {object} World
 * @property {number} now seconds of a monotonic clock
 * @property {boolean} isVisible whether the page is visible
 * @property {EngineState?} engine the engine that plays; null while there is none
 * @property {number} aheadSeconds sound that is downloaded and not yet heard
 * @property {object?} info the server's latest answer about the stream; null before the first
 * @property {boolean} fetchesParts whether the recording segment is fetched part by part
 * @property {number?} serverTime milliseconds since 1970; null where it is unknown
 *
 * @typedef {object} EngineState
 * @property {boolean} playsFrames false for the browser's own HLS
 * @property {boolean} wantsEveryFrame whether each frame is worth a delivery of its own
 * @property {number} cushionSeconds sound that the engine has ahead of the playhead
 * @property {number} distanceSeconds from the playhead to the live edge; only where `playsFrames` is false
 * @property {number?} heardDate milliseconds since 1970 of the sound that is heard; null where it is unknown
 * @property {boolean} hasEnded whether the engine has received the end of the stream
 * @property {boolean} isPaused whether the output is paused
 * @property {boolean} outputHasEnded whether the output has played to the end
 * @property {number} time the output's media time, seconds
 *
 * @typedef {{type: 'start'}
 *   | {type: 'play'} | {type: 'pause'} | {type: 'toggle'} | {type: 'go-live'}
 *   | {type: 'go-to', behindEdgeSeconds: number}
 *   | {type: 'go-to-segment', sequence: number, fraction: number}
 *   | {type: 'set-latency-mode', latencyMode: import('./latency-modes.js').LatencyMode, changesEngine: boolean}
 *   | {type: 'playlist', playlist: import('../hls/playlist.js').Playlist, loadedAt: number, serverTimeAtLoad: number?}
 *   | {type: 'date-range', range: import('../hls/date-range.js').DateRange}
 *   | {type: 'frames-arrived'} | {type: 'segment-missing', entry: import('../hls/playlist.js').Entry}
 *   | {type: 'nothing-to-fetch'} | {type: 'server-clock-set'}
 *   | {type: 'stalled'} | {type: 'sounding'} | {type: 'tick'}
 *   | {type: 'output-paused'} | {type: 'output-played'} | {type: 'output-playing'} | {type: 'play-refused'}
 *   | {type: 'engine-created', needs: object} | {type: 'engine-failed'}} PlayerEvent
 *
 * @typedef {{do: 'create-engine'}
 *   | {do: 'replace-engine', pauseSeconds: number}
 *   | {do: 'run-loader'} | {do: 'interrupt-download'}
 *   | {do: 'play-output'} | {do: 'pause-output'}
 *   | {do: 'join', join: import('./live-planner.js').Join}
 *   | {do: 'discard-cushion'} | {do: 'end-engine'} | {do: 'seek', time: number}
 *   | {do: 'show-playlist', playlist: import('../hls/playlist.js').Playlist}
 *   | {do: 'seek-live'} | {do: 'seek-to-distance', distanceSeconds: number}
 *   | {do: 'send', event: PlayerEvent}
 *   | {do: 'announce', type: 'change' | 'latencymode'}} Command
 *   `send` hands an event to the machine after the commands before it are performed.
 */

const CHANGED = { do: 'announce', type: 'change' };
const INTERRUPT = { do: 'interrupt-download' };
const PLAY_OUTPUT = { do: 'play-output' };

/** The command that performs a join; none where there is no join. */
const performing = (join) => (join === null ? [] : [{ do: 'join', join }]);

/**
 * Decides without a clock, a network or a media element, so that a test can play any session.
 *
 * Example: the listener presses play after a short pause. The shell calls `handle({ type: 'play' }, world)` and
 * receives the commands `play-output`, `interrupt-download` and `announce`. After a long pause the cushion is of no use.
 * Then the second command joins the stream again.
 */
export class PlayerMachine {
  #wantsToPlay = true;
  #isBlocked = false;
  #latencyMode;
  #cushion;
  #planner;
  #watchdog = new Watchdog();
  #nowPlayingHistory = new NowPlayingHistory();
  /** The player joins the stream with the next playlist, because the present one is too old. */
  #isJoining = false;
  #isReplacing = false;
  #lastNewsAt = -Infinity;
  #replacedAt = -Infinity;

  /**
   * @param {import('./latency-modes.js').LatencyMode} latencyMode
   * @param {object} needs the needs of the first engine, see `Cushion`
   */
  constructor(latencyMode, needs) {
    this.#latencyMode = latencyMode;
    this.#cushion = new Cushion(needs);
    this.#cushion.request(latencyMode.cushionSeconds);
    this.#planner = new LivePlanner(this.#cushion);
  }

  /** Whether the listener wants to hear the stream. The output's own events tell whether it plays. */
  get wantsToPlay() {
    return this.#wantsToPlay;
  }

  /** Whether the browser refuses to play before the listener clicks. */
  get isBlocked() {
    return this.#isBlocked;
  }

  get latencyMode() {
    return this.#latencyMode;
  }

  get cushion() {
    return this.#cushion;
  }

  get planner() {
    return this.#planner;
  }

  /**
   * @param {PlayerEvent} event
   * @param {World} world
   * @returns {Command[]} to be performed in this order
   */
  handle(event, world) {
    switch (event.type) {
      case 'start': return [{ do: 'create-engine' }, { do: 'run-loader' }, PLAY_OUTPUT];
      case 'play': return this.#play(world);
      case 'pause': return [{ do: 'pause-output' }];
      case 'toggle': return this.#toggle(world);
      case 'go-live': return this.#goLive(world);
      case 'go-to': return this.#goTo(event.behindEdgeSeconds, world);
      case 'go-to-segment': return this.#goToSegment(event, world);
      case 'set-latency-mode': return this.#setLatencyMode(event, world);
      case 'playlist': return this.#usePlaylist(event, world);
      case 'date-range': this.#nowPlayingHistory.add([event.range]); return [];
      case 'frames-arrived': return this.#noteNews(world);
      case 'segment-missing': this.#planner.missing(event.entry); return [];
      case 'nothing-to-fetch': return this.#endIfComplete(world);
      case 'server-clock-set': this.#planner.doubtDates(); return [];
      case 'stalled': this.#cushion.stalled(world.now); return [];
      case 'sounding': this.#cushion.resumed(world.now); return [];
      case 'tick': return this.#watch(world);
      case 'output-paused': return this.#notePause(world);
      case 'output-played': return this.#wantsToPlay ? [] : this.#play(world);
      case 'output-playing': this.#isBlocked = false; return [];
      case 'play-refused': return this.#block();
      case 'engine-created': return this.#useEngine(event.needs, world);
      case 'engine-failed': return this.#replaceEngine(world);
      default: throw new TypeError(`the player knows no event ${event.type}`);
    }
  }

  // The shell's questions.

  /** Whether the stream has ended and is heard to its end. @param {World} world */
  isEnded({ engine }) {
    if (!this.#planner.playlist?.ended || engine === null) return false;
    return engine.outputHasEnded || engine.cushionSeconds < EMPTY_SECONDS && engine.hasEnded;
  }

  /** Whether the server counts this page as a listener. @param {World} world */
  isListening(world) {
    return this.#wantsToPlay && world.engine !== null && !this.isEnded(world);
  }

  /** Whether somebody listens or looks. @param {World} world */
  isAttended({ isVisible }) {
    return this.#wantsToPlay || isVisible;
  }

  /** Whether the recording segment is wanted frame by frame. @param {World} world */
  wantsEveryFrame({ engine, info }) {
    return Boolean(engine?.wantsEveryFrame && info?.promptChunkLength);
  }

  /** The segment to fetch now; null for none. @param {World} world */
  segmentToFetch(world) {
    return this.#mayFetch(world) ? this.#planner.segmentToFetch(world.aheadSeconds) : null;
  }

  /** When to load the playlist again, seconds of the monotonic clock. @param {World} world */
  reloadAt(world) {
    if (this.#planner.playlist?.ended) return this.#lastNewsAt + ENDED_RELOAD_SECONDS;
    return this.isAttended(world) ? this.#planner.reloadAt(this.#isPlayingFrames(world)) : NEVER;
  }

  /** Seconds from the sound that is heard to the live edge. @param {World} world */
  behindEdgeSeconds({ engine, aheadSeconds, now }) {
    if (!this.#planner.playlist || engine === null) return 0;
    if (!engine.playsFrames) return engine.distanceSeconds;
    return this.#planner.nextSequence === null ? 0 : this.#planner.behindEdgeSeconds(aheadSeconds, now);
  }

  /** How far back the listener can go. @param {World} world */
  windowSeconds({ now }) {
    return this.#planner.windowSeconds(now);
  }

  /**
   * Seconds between the recording of the sound that is heard and now, by the server's clock; null where that is
   * unknown.
   * @param {World} world
   */
  behindLiveSeconds({ engine, serverTime }) {
    const date = engine?.heardDate ?? null;
    return date === null || serverTime === null ? null : (serverTime - date) / 1000;
  }

  /** Seconds recorded of the recording segment; null where none is known. @param {World} world */
  recordedSeconds({ now }) {
    const { playlist } = this.#planner;
    return playlist !== null && !playlist.ended ? this.#planner.edgeAgeSeconds(now) : null;
  }

  /**
   * The title and the artist of the sound that is heard; null where the stream names none.
   * @param {World} world
   * @returns {import('../hls/date-range.js').NowPlaying?}
   */
  nowPlaying({ engine }) {
    const date = engine?.heardDate ?? null;
    const isStarting = date === null && this.#wantsToPlay && engine?.playsFrames;
    return isStarting ? null : this.#nowPlayingHistory.at(date);
  }

  /** The titles before the one that is heard, the latest first. @param {World} world */
  playedBefore({ engine }) {
    return this.#nowPlayingHistory.before(engine?.heardDate ?? null);
  }

  /** Milliseconds until the listener hears another title; Infinity where none is known. @param {World} world */
  msUntilNextTitle({ engine }) {
    const date = engine?.heardDate ?? null;
    return date === null ? Infinity : this.#nowPlayingHistory.msUntilNext(date);
  }

  // The listener's requests.

  #play(world) {
    this.#wantsToPlay = true;
    // An engine that is being replaced plays when the new one exists. A media element that has ended would start again.
    if (world.engine === null || this.isEnded(world)) return [];
    const commands = [PLAY_OUTPUT, ...this.#catchUp(world), INTERRUPT, CHANGED];
    this.#isBlocked = false;
    return commands;
  }

  /** The commands that find the right place after a pause. */
  #catchUp(world) {
    const { engine, now } = world;
    if (!engine.playsFrames) return this.#isBlocked ? [{ do: 'seek-live' }] : [];
    if (this.#isBlocked || this.#isStale(world)) return this.#joinAgain(world);
    return performing(this.#planner.resume(engine.cushionSeconds, now));
  }

  #toggle(world) {
    if (this.isEnded(world)) return [];
    return this.#wantsToPlay ? [{ do: 'pause-output' }] : this.#play(world);
  }

  #goLive({ engine, now }) {
    if (engine === null) return [];
    const commands = engine.playsFrames ? performing(this.#planner.goLive(now)) : [{ do: 'seek-live' }];
    if (!this.#wantsToPlay) commands.push({ do: 'send', event: { type: 'play' } });
    return [...commands, CHANGED];
  }

  #goTo(behindEdgeSeconds, world) {
    const { engine, now } = world;
    if (engine === null) return [];
    const distanceSeconds = Math.min(Math.max(behindEdgeSeconds, 0), this.windowSeconds(world));
    const commands = engine.playsFrames
      ? performing(this.#planner.goTo(distanceSeconds, now)) : [{ do: 'seek-to-distance', distanceSeconds }];
    // The output is paused at the end of a stream that has ended.
    if (this.#wantsToPlay && engine.isPaused) commands.push(PLAY_OUTPUT);
    return [...commands, CHANGED];
  }

  #goToSegment({ sequence, fraction }, world) {
    const later = this.#planner.playlist.entries.filter((entry) => entry.sequence >= sequence);
    if (later[0]?.sequence !== sequence) return this.#goLive(world);
    const secondsFromEnd = totalSeconds(later) - fraction * later[0].durationSeconds;
    return this.#goTo(secondsFromEnd + this.#planner.edgeAgeSeconds(world.now), world);
  }

  #setLatencyMode({ latencyMode, changesEngine }, world) {
    if (latencyMode === this.#latencyMode) return [];
    this.#latencyMode = latencyMode;
    this.#cushion.request(latencyMode.cushionSeconds);
    const commands = [];
    if (changesEngine) commands.push(...this.#replaceEngine(world));
    else if (this.#wantsToPlay && this.#planner.isLive) commands.push(...this.#goLive(world));
    return [...commands, { do: 'announce', type: 'latencymode' }, CHANGED];
  }

  // News from the server.

  #usePlaylist({ playlist, loadedAt, serverTimeAtLoad }, world) {
    const { engine, now, info } = world;
    this.#lastNewsAt = now;
    this.#nowPlayingHistory.addListed(playlist.dateRanges);
    this.#planner.setRingSize(info?.ringSize ?? null);
    this.#expectArrivals(world);
    const hasBegunAgain = this.#planner.playlist?.ended && !playlist.ended;
    const isPlaying = this.#isPlayingFrames(world);
    const edgeAgeSeconds = edgeAgeOf(playlist, serverTimeAtLoad);
    const join = this.#planner.loaded(playlist, loadedAt, edgeAgeSeconds, isPlaying ? world.aheadSeconds : null);
    if (engine === null) return [CHANGED];
    if (!engine.playsFrames) return [{ do: 'show-playlist', playlist }, CHANGED];
    if (hasBegunAgain && engine.hasEnded) return [...this.#replaceEngine(world), CHANGED];
    if (!isPlaying) return [CHANGED];
    const isJoining = this.#isJoining;
    this.#isJoining = false;
    return [...performing(isJoining ? this.#planner.goLive(now) : join), CHANGED];
  }

  #noteNews({ now }) {
    this.#lastNewsAt = now;
    return [CHANGED];
  }

  /** The engine plays to its end where the stream has ended and all of it is downloaded. */
  #endIfComplete(world) {
    const { playlist, nextSequence, last } = this.#planner;
    return this.#mayFetch(world) && playlist.ended && nextSequence > last ? [{ do: 'end-engine' }] : [];
  }

  /** Tells the planner how the recording segment arrives. */
  #expectArrivals(world) {
    const { info, fetchesParts } = world;
    const chunkSeconds = this.wantsEveryFrame(world) ? info.promptChunkLength : info?.chunkLength;
    this.#planner.setArrivals(fetchesParts ? info.partLength : null, chunkSeconds);
  }

  #mayFetch(world) {
    return this.#isPlayingFrames(world) && !this.#isJoining && this.#planner.playlist !== null;
  }

  #isPlayingFrames({ engine }) {
    return this.#wantsToPlay && engine !== null && engine.playsFrames;
  }

  #isStale({ now }) {
    const { playlist } = this.#planner;
    return playlist === null || now - this.#lastNewsAt > STALE_TARGETS * playlist.targetDurationSeconds;
  }

  /** Goes live by a playlist that tells where the live edge is. */
  #joinAgain(world) {
    this.#isJoining = this.#isStale(world);
    return this.#isJoining ? [{ do: 'discard-cushion' }] : performing(this.#planner.goLive(world.now));
  }

  // The engine and its output.

  #useEngine(needs, world) {
    this.#cushion.useEngine(needs);
    this.#expectArrivals(world);
    if (!this.#isReplacing) return [];
    this.#isReplacing = false;
    const commands = world.engine.playsFrames ? this.#joinAgain(world) : [];
    if (this.#wantsToPlay) commands.push(PLAY_OUTPUT);
    return [...commands, INTERRUPT, CHANGED];
  }

  #replaceEngine({ engine, now }) {
    if (engine === null) return [];
    const pauseSeconds = Math.max(0, this.#replacedAt + REPLACEMENT_PAUSE_SECONDS - now);
    this.#replacedAt = now + pauseSeconds;
    this.#isReplacing = true;
    return [{ do: 'replace-engine', pauseSeconds }];
  }

  #watch(world) {
    const { engine, now } = world;
    if (engine === null) return [];
    const { time, cushionSeconds, isPaused } = engine;
    const verdict = this.#watchdog.look({ now, time, cushionSeconds, wantsToPlay: this.#wantsToPlay && !isPaused });
    if (verdict === 'nudge') return [{ do: 'seek', time: time + NUDGE_SECONDS }];
    return verdict === 'replace' ? this.#replaceEngine(world) : [];
  }

  #notePause({ engine }) {
    // A media element also pauses when it ends. The listener did not ask for that.
    if (!engine?.outputHasEnded) this.#wantsToPlay = false;
    return [INTERRUPT, CHANGED];
  }

  #block() {
    this.#wantsToPlay = false;
    this.#isBlocked = true;
    return [CHANGED];
  }
}

/** The server's time at the load, less the end of the last segment, in seconds; null where one of them is unknown. */
function edgeAgeOf({ entries }, serverTimeAtLoad) {
  const last = entries.at(-1);
  if (!last || last.date === null || serverTimeAtLoad === null) return null;
  return (serverTimeAtLoad - last.date) / 1000 - last.durationSeconds;
}
