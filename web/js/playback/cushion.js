// How late to be: what is kept in hand, and how fast it is played. Pure; seconds throughout.
//
// The cushion is what is in hand ahead of the playhead. It is a sawtooth: it drops by one second a second and rises at
// each arrival. Its low-water mark, just before an arrival, is what keeps the sound from stopping; so that is what is
// steered: the mean of the middle half of the last ones. A mark that is lower than usual is a dip: the network, or this
// machine, was late by so much.

/** 9 cents: nobody hears it, and it wins back 0.3 s a minute. */
export const FASTER = 1.005;
export const SLOWER = 0.995;

/** The usual low-water mark is that of so many seconds, and of no fewer than so many marks. */
const WINDOW_SECONDS = 2;
const MIN_MARKS = 5;

/** What must be left in hand when all the lateness of the last minutes comes again. */
const SAFETY_SECONDS = 0.04;
/** After a stall there is more in hand than before, whatever it seems to have been. */
const STEP_SECONDS = 0.05;
/** A dip is remembered for so long, and then fades. */
const HOLD_SECONDS = 90;
const HALF_LIFE_SECONDS = 45;
/** Who has heard nothing for so long has had an outage: no cushion is meant to bridge that, unless it comes again. */
const OUTAGE_SECONDS = 2;
/** Nobody wants to be later than this. */
const LIMIT_SECONDS = 10;

/** The largest dip of late. */
class DipMemory {
  /** @type {{depthSeconds: number, at: number}[]} each less deep than those before it */
  #dips = [];

  note(depthSeconds, now) {
    this.#dips = this.#dips.filter((dip) => dip.depthSeconds > depthSeconds && faded(dip, now) > depthSeconds / 2);
    this.#dips.push({ depthSeconds, at: now });
  }

  at(now) {
    return Math.max(0, ...this.#dips.map((dip) => faded(dip, now)));
  }
}

const faded = ({ depthSeconds, at }, now) => depthSeconds * 0.5 ** (Math.max(0, now - at - HOLD_SECONDS) / HALF_LIFE_SECONDS);

export class Cushion {
  rate = 1;
  /** The last rate that was not 1. */
  #steered = FASTER;
  /** The low-water mark that the listener asks for; what it really takes may be more. */
  requestedSeconds = 0;
  /** Between two arrivals, as things should be; and from the first to the second. */
  intervalSeconds = 0;
  firstIntervalSeconds = 0;
  /** The least low-water mark that the way of fetching takes. */
  minimumSeconds = 0;
  /** No wish and no caution goes beyond what there is to play. */
  limitSeconds = LIMIT_SECONDS;

  #engine;
  #marks = [];
  #memory = new DipMemory();
  /** Where the playhead is by choice, its low-water mark is kept as it is. */
  #isHolding = false;
  #heldSeconds = null;
  #hasSounded = false;
  #stalledAt = null;
  #helpedAt = null;
  /** While nothing sounds: how often more has come, and when it did last. */
  #starvedArrivals = { count: 0, at: 0 };
  #outageAt = -Infinity;

  /**
   * @param {object} engine
   * @param {number} engine.floorSeconds the low-water mark below which it doesn't play smoothly
   * @param {number} engine.primerSeconds what must be in hand before it begins to play
   * @param {number} engine.lostAfterStallSeconds what it leaves out when it goes on after a stall
   * @param {number} engine.deadbandSeconds how much too high the low-water mark may be before it plays faster; or too low before
   *   it plays slower, but no more than a third of what it should be
   * @param {number} engine.crossingSeconds how much more than that it takes after it has played slower the last time, or faster: it
   *   begins as if it had played faster
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

  /** The low-water mark aimed at. */
  targetSeconds(now) {
    const wantedSeconds = Math.max(this.requestedSeconds, this.#memory.at(now) + SAFETY_SECONDS);
    return Math.max(this.#engine.floorSeconds, this.minimumSeconds, Math.min(LIMIT_SECONDS, this.limitSeconds, wantedSeconds));
  }

  /** What must be in hand for a start: what is left of it when more comes is right. */
  startSeconds(now) {
    const lostSeconds = this.#hasSounded && this.#helpedAt !== null ? this.#engine.lostAfterStallSeconds : 0;
    return Math.max(this.targetSeconds(now) + this.#secondsUntilNext(now), this.#engine.primerSeconds) + lostSeconds;
  }

  /** How long until more comes, as things should be. */
  #secondsUntilNext(now) {
    const { count, at } = this.#starvedArrivals;
    return count > 1 ? Math.max(0, this.intervalSeconds - (now - at)) : this.firstIntervalSeconds;
  }

  /** The usual low-water mark; null until there are enough marks to tell. */
  get levelSeconds() {
    if (this.#marks.length < MIN_MARKS) return null;
    const marks = this.#marks.map(({ markSeconds }) => markSeconds).sort((a, b) => a - b);
    const middle = marks.slice(marks.length >> 2, -(marks.length >> 2));
    return middle.reduce((sum, markSeconds) => sum + markSeconds, 0) / middle.length;
  }

  /** So much more than needed is in hand; null until that is known. */
  excessSeconds(now) {
    return this.levelSeconds === null ? null : this.levelSeconds - this.targetSeconds(now);
  }

  /**
   * More is about to be put in hand.
   * @param {number} markSeconds the cushion just before
   */
  arrived(markSeconds, now) {
    this.#hasSounded = true;
    if (this.#stalledAt === null) this.#helpedAt = null;
    this.#starvedArrivals.count = 0;
    this.#marks.push({ markSeconds, at: now });
    while (this.#marks.length > MIN_MARKS && this.#marks[0].at < now - WINDOW_SECONDS) this.#marks.shift();
    if (this.levelSeconds === null) return;
    if (this.levelSeconds > markSeconds) this.#memory.note(this.levelSeconds - markSeconds, now);
    this.#steer(now);
  }

  /** The sound has stopped for want of data. */
  stalled(now) {
    this.#stalledAt ??= now;
    this.#helpedAt = null;
    this.#starvedArrivals.count = 0;
  }

  /** More has come while nothing sounds. */
  arrivedWhileStarved(now) {
    this.#helpedAt ??= now;
    this.#starvedArrivals = { count: this.#starvedArrivals.count + 1, at: now };
  }

  /** The sound goes on. */
  resumed(now) {
    if (this.#stalledAt === null) return;
    // What it takes to fill the cushion anew is no fault of the network's.
    const silenceSeconds = Math.max(0, (this.#helpedAt ?? now) - this.#stalledAt);
    this.#stalledAt = null;
    this.#helpedAt = null;
    const isFirstOutage = silenceSeconds >= OUTAGE_SECONDS && now - this.#outageAt > HOLD_SECONDS;
    if (silenceSeconds >= OUTAGE_SECONDS) this.#outageAt = now;
    if (!isFirstOutage) {
      const missedSeconds = (this.levelSeconds ?? this.targetSeconds(now)) + silenceSeconds;
      this.#memory.note(Math.min(LIMIT_SECONDS, Math.max(missedSeconds, this.targetSeconds(now) - SAFETY_SECONDS + STEP_SECONDS)), now);
    }
    this.restart();
  }

  /**
   * The playhead has moved: what was in hand before says nothing any more.
   * @param {boolean} isHolding whether it is where it is by choice
   */
  restart(isHolding = this.#isHolding) {
    this.#isHolding = isHolding;
    this.#heldSeconds = null;
    this.#marks = [];
    this.#starvedArrivals.count = 0;
    this.rate = 1;
  }

  /**
   * Once it steers, it steers all the way: a change of the rate is heard in some browsers. Too little in hand is worse
   * than too much.
   */
  #steer(now) {
    if (now - this.#marks[0].at < WINDOW_SECONDS / 2) return;
    const { deadbandSeconds, crossingSeconds } = this.#engine;
    const targetSeconds = this.targetSeconds(now);
    if (this.#isHolding) this.#heldSeconds ??= Math.max(this.levelSeconds, targetSeconds);
    const aimSeconds = this.#heldSeconds ?? targetSeconds;
    const excessSeconds = this.levelSeconds - aimSeconds;
    if (this.rate > 1) this.rate = excessSeconds > 0 ? FASTER : 1;
    else if (this.rate < 1) this.rate = excessSeconds < deadbandSeconds / 2 ? SLOWER : 1;
    else if (excessSeconds > deadbandSeconds + (this.#steered < 1 ? crossingSeconds : 0)) this.rate = FASTER;
    else if (excessSeconds < -Math.min(deadbandSeconds, aimSeconds / 3) - (this.#steered > 1 ? crossingSeconds : 0)) this.rate = SLOWER;
    if (this.rate !== 1) this.#steered = this.rate;
  }
}
