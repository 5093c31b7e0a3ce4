// The cushion: how much sound the player keeps ahead of the playhead, and how fast it plays. Pure.
//
// The cushion drops by one second a second and rises with each delivery. Its low-water mark is its size just before a
// delivery. The sound stops where a low-water mark reaches zero, so the player steers the low-water mark: the mean of
// the middle half of the latest marks. A mark below that mean is a dip: the network or this machine was late by the
// difference.

/** 9 cents higher in pitch. Nobody hears it, and in a minute it shortens the delay by 0.3 s. */
export const FASTER = 1.005;
export const SLOWER = 0.995;

/** The mean covers the marks of this time. */
const WINDOW_SECONDS = 2;
/** The mean covers at least this number of marks. */
const MIN_MARKS = 5;

/** The cushion that must be left when the deepest remembered dip comes again. */
const SAFETY_SECONDS = 0.04;
/** A stall raises the target by at least this much. */
const STEP_SECONDS = 0.05;
/** A dip is remembered in full for this time. */
const HOLD_SECONDS = 90;
/** After that, the remembered depth halves in each period of this length. */
const HALF_LIFE_SECONDS = 45;
/** Silence of this length is an outage. No cushion is meant to bridge an outage, unless it comes again. */
const OUTAGE_SECONDS = 2;
/** No target is longer. */
const LIMIT_SECONDS = 10;

/** Remembers how deep the dips were. */
class DipMemory {
  /** @type {{depthSeconds: number, at: number}[]} each less deep than the dips before it */
  #dips = [];

  note(depthSeconds, now) {
    this.#dips = this.#dips.filter((dip) => dip.depthSeconds > depthSeconds && faded(dip, now) > depthSeconds / 2);
    this.#dips.push({ depthSeconds, at: now });
  }

  /** The depth of the deepest dip, as far as it is remembered; 0 where there is none. */
  depthSeconds(now) {
    return Math.max(0, ...this.#dips.map((dip) => faded(dip, now)));
  }
}

const faded = ({ depthSeconds, at }, now) =>
  depthSeconds * 0.5 ** (Math.max(0, now - at - HOLD_SECONDS) / HALF_LIFE_SECONDS);

/**
 * Example: frames arrive every 0.1 s and the low-water mark is 0.3 s. The engine needs 0.15 s. After a second the
 * excess of 0.15 s is sure, and `rate` becomes `FASTER` until the mark has come down to the target.
 */
export class Cushion {
  #rate = 1;
  /** The last rate that was not 1. */
  #steered = FASTER;
  #requestedSeconds = 0;
  #intervalSeconds = 0;
  #firstIntervalSeconds = 0;
  #minimumSeconds = 0;
  #limitSeconds = LIMIT_SECONDS;

  #engine;
  #marks = [];
  #dips = new DipMemory();
  /** The listener has chosen a place behind live: the low-water mark stays at its present size. */
  #isHolding = false;
  #heldSeconds = null;
  #hasSounded = false;
  #stalledAt = null;
  /** When the first frames came after the sound had stopped. */
  #helpedAt = null;
  /** The deliveries while the engine is starved: their number, and the time of the last. */
  #starvedArrivals = { count: 0, at: 0 };
  #outageAt = -Infinity;

  /**
   * @param {object} engine
   * @param {number} engine.floorSeconds with a lower low-water mark the engine doesn't play smoothly
   * @param {number} engine.primerSeconds the engine needs this much before it begins to play
   * @param {number} engine.outputSeconds the least time from the first append of all to the sound. More sound arrives
   *   meanwhile.
   * @param {number} engine.lostAfterStallSeconds the engine skips this much when it resumes after a stall
   * @param {number} engine.deadbandSeconds the engine plays faster where the low-water mark is too high by more than
   *   this. It plays slower where the mark is too low by more than this, or by more than a third of the target.
   * @param {number} engine.crossingSeconds a change from slower to faster, or from faster to slower, needs this much
   *   more; the engine begins as if it had played faster
   */
  constructor(engine) {
    this.#engine = engine;
  }

  /** Another engine plays from now on. */
  useEngine(engine) {
    this.#engine = engine;
    this.#steered = FASTER;
    this.#hasSounded = false;
    this.restart();
  }

  /** The listener asks for this low-water mark. The target may be higher. */
  request(seconds) {
    this.#requestedSeconds = seconds;
  }

  /**
   * The way in which frames arrive.
   * @param {object} arrivals
   * @param {number} arrivals.intervalSeconds between two deliveries
   * @param {number} arrivals.firstIntervalSeconds between the first delivery and the second
   * @param {number} arrivals.minimumSeconds the lowest target that this way of fetching allows
   */
  expectArrivals({ intervalSeconds, firstIntervalSeconds, minimumSeconds }) {
    this.#intervalSeconds = intervalSeconds;
    this.#firstIntervalSeconds = firstIntervalSeconds;
    this.#minimumSeconds = minimumSeconds;
  }

  /** There is only this much sound to play: neither the listener's request nor a dip raises the target above it. */
  limitTo(seconds) {
    this.#limitSeconds = seconds;
  }

  /** The playback rate. */
  get rate() {
    return this.#rate;
  }

  /** Seconds between two deliveries. */
  get intervalSeconds() {
    return this.#intervalSeconds;
  }

  /** The low-water mark that the player aims at. */
  targetSeconds(now) {
    const wantedSeconds = Math.max(this.#requestedSeconds, this.#dips.depthSeconds(now) + SAFETY_SECONDS);
    const possibleSeconds = Math.min(LIMIT_SECONDS, this.#limitSeconds, wantedSeconds);
    return Math.max(this.#engine.floorSeconds, this.#minimumSeconds, possibleSeconds);
  }

  /** The cushion for a start. At the next delivery the target is left of it. */
  startSeconds(now) {
    const { primerSeconds, outputSeconds, lostAfterStallSeconds } = this.#engine;
    const lostSeconds = this.#hasSounded && this.#helpedAt !== null ? lostAfterStallSeconds : 0;
    const arrivingSeconds = this.#hasSounded ? 0 : outputSeconds;
    const wantedSeconds = this.targetSeconds(now) + this.#secondsUntilNext(now) - arrivingSeconds;
    return Math.max(wantedSeconds, primerSeconds) + lostSeconds;
  }

  /** The time until the next delivery is expected. */
  #secondsUntilNext(now) {
    const { count, at } = this.#starvedArrivals;
    return count > 1 ? Math.max(0, this.#intervalSeconds - (now - at)) : this.#firstIntervalSeconds;
  }

  /** The mean low-water mark; null before there are enough marks. */
  get levelSeconds() {
    if (this.#marks.length < MIN_MARKS) return null;
    const marks = this.#marks.map(({ seconds }) => seconds).sort((a, b) => a - b);
    const middle = marks.slice(marks.length >> 2, -(marks.length >> 2));
    return middle.reduce((sum, seconds) => sum + seconds, 0) / middle.length;
  }

  /** The mean low-water mark less the target; null before there are enough marks. */
  excessSeconds(now) {
    return this.levelSeconds === null ? null : this.levelSeconds - this.targetSeconds(now);
  }

  /**
   * A delivery comes while the engine plays.
   * @param {number} markSeconds the cushion just before it
   */
  arrived(markSeconds, now) {
    this.#hasSounded = true;
    if (this.#stalledAt === null) this.#helpedAt = null;
    this.#starvedArrivals.count = 0;
    this.#marks.push({ seconds: markSeconds, at: now });
    while (this.#marks.length > MIN_MARKS && this.#marks[0].at < now - WINDOW_SECONDS) this.#marks.shift();
    if (this.levelSeconds === null) return;
    if (this.levelSeconds > markSeconds) this.#dips.note(this.levelSeconds - markSeconds, now);
    this.#steer(now);
  }

  /** The sound has stopped, because the engine is starved. */
  stalled(now) {
    this.#stalledAt ??= now;
    this.#helpedAt = null;
    this.#starvedArrivals.count = 0;
  }

  /** A delivery comes while the engine is starved. */
  arrivedWhileStarved(now) {
    this.#helpedAt ??= now;
    this.#starvedArrivals = { count: this.#starvedArrivals.count + 1, at: now };
  }

  /** The sound has resumed. */
  resumed(now) {
    if (this.#stalledAt === null) return;
    // The network is not to blame for the time that the cushion takes to fill again.
    const silenceSeconds = Math.max(0, (this.#helpedAt ?? now) - this.#stalledAt);
    this.#stalledAt = null;
    this.#helpedAt = null;
    const isFirstOutage = silenceSeconds >= OUTAGE_SECONDS && now - this.#outageAt > HOLD_SECONDS;
    if (silenceSeconds >= OUTAGE_SECONDS) this.#outageAt = now;
    if (!isFirstOutage) {
      const targetSeconds = this.targetSeconds(now);
      const missedSeconds = (this.levelSeconds ?? targetSeconds) + silenceSeconds;
      const depthSeconds = Math.max(missedSeconds, targetSeconds - SAFETY_SECONDS + STEP_SECONDS);
      this.#dips.note(Math.min(LIMIT_SECONDS, depthSeconds), now);
    }
    this.restart();
  }

  /**
   * The playhead has moved: the marks so far say nothing about the new place.
   * @param {boolean} isHolding whether the listener has chosen a place behind live
   */
  restart(isHolding = this.#isHolding) {
    this.#isHolding = isHolding;
    this.#heldSeconds = null;
    this.#marks = [];
    this.#starvedArrivals.count = 0;
    this.#rate = 1;
  }

  /**
   * Sets the rate. A correction ends only when the target is reached, because some browsers make a change of the rate
   * audible. A cushion that is too small is worse than one that is too large.
   */
  #steer(now) {
    if (now - this.#marks[0].at < WINDOW_SECONDS / 2) return;
    const { deadbandSeconds, crossingSeconds } = this.#engine;
    const targetSeconds = this.targetSeconds(now);
    if (this.#isHolding) this.#heldSeconds ??= Math.max(this.levelSeconds, targetSeconds);
    const aimSeconds = this.#heldSeconds ?? targetSeconds;
    const excessSeconds = this.levelSeconds - aimSeconds;
    const shortageSeconds = Math.min(deadbandSeconds, aimSeconds / 3);
    if (this.#rate > 1) this.#rate = excessSeconds > 0 ? FASTER : 1;
    else if (this.#rate < 1) this.#rate = excessSeconds < deadbandSeconds / 2 ? SLOWER : 1;
    else if (excessSeconds > deadbandSeconds + (this.#steered < 1 ? crossingSeconds : 0)) this.#rate = FASTER;
    else if (excessSeconds < -shortageSeconds - (this.#steered > 1 ? crossingSeconds : 0)) this.#rate = SLOWER;
    if (this.#rate !== 1) this.#steered = this.#rate;
  }
}
