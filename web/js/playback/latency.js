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
const WINDOW = 2;
const MARKS = 5;

/** What must be left in hand when all the lateness of the last minutes comes again. */
const SAFETY = 0.04;
/** After a stall there is more in hand than before, whatever it seems to have been. */
const STEP = 0.05;
/** A dip is remembered for so long, and then fades. */
const HOLD = 90;
const HALF_LIFE = 45;
/** Who has heard nothing for so long has had an outage: no cushion is meant to bridge that, unless it comes again. */
const OUTAGE = 2;
/** Nobody wants to be later than this. */
const LIMIT = 10;

/** The largest dip of late. */
class Memory {
  /** @type {{depth: number, at: number}[]} each less deep than those before it */
  #dips = [];

  note(depth, now) {
    this.#dips = this.#dips.filter((dip) => dip.depth > depth && faded(dip, now) > depth / 2);
    this.#dips.push({ depth, at: now });
  }

  at(now) {
    return Math.max(0, ...this.#dips.map((dip) => faded(dip, now)));
  }
}

const faded = ({ depth, at }, now) => depth * 0.5 ** (Math.max(0, now - at - HOLD) / HALF_LIFE);

export class Latency {
  rate = 1;
  /** The last rate that was not 1. */
  #steered = FASTER;
  /** The low-water mark that the listener asks for; what it really takes may be more. */
  wish = 0;
  /** Between two arrivals, as things should be; and from the first to the second. */
  interval = 0;
  firstInterval = 0;
  /** The least low-water mark that the way of fetching takes. */
  least = 0;
  /** No wish and no caution goes beyond what there is to play. */
  limit = LIMIT;

  #engine;
  #marks = [];
  #memory = new Memory();
  /** Where the playhead is by choice, its low-water mark is kept as it is. */
  #isHolding = false;
  #held = null;
  #hasSounded = false;
  #stalledAt = null;
  #helpedAt = null;
  /** While nothing sounds: how often more has come, and when it did last. */
  #dryArrivals = { count: 0, at: 0 };
  #outageAt = -Infinity;

  /**
   * @param {object} engine
   * @param {number} engine.floor the low-water mark below which it doesn't play smoothly
   * @param {number} engine.primer what must be in hand before it begins to play
   * @param {number} engine.swallows what it leaves out when it goes on after a stall
   * @param {number} engine.deadband how much too high the low-water mark may be before it plays faster; or too low before
   *   it plays slower, but no more than a third of what it should be
   * @param {number} engine.crossing how much more than that it takes after it has played slower the last time, or faster: it
   *   begins as if it had played faster
   */
  constructor(engine) {
    this.#engine = engine;
  }

  /** Another engine plays from now on. */
  suit(engine) {
    this.#engine = engine;
    this.#steered = FASTER;
    this.#hasSounded = false;
    this.restart();
  }

  /** The low-water mark aimed at. */
  target(now) {
    const wanted = Math.max(this.wish, this.#memory.at(now) + SAFETY);
    return Math.max(this.#engine.floor, this.least, Math.min(LIMIT, this.limit, wanted));
  }

  /** What must be in hand for a start: what is left of it when more comes is right. */
  start(now) {
    const swallowed = this.#hasSounded && this.#helpedAt !== null ? this.#engine.swallows : 0;
    return Math.max(this.target(now) + this.#untilNext(now), this.#engine.primer) + swallowed;
  }

  /** How long until more comes, as things should be. */
  #untilNext(now) {
    const { count, at } = this.#dryArrivals;
    return count > 1 ? Math.max(0, this.interval - (now - at)) : this.firstInterval;
  }

  /** The usual low-water mark; null until there are enough marks to tell. */
  get level() {
    if (this.#marks.length < MARKS) return null;
    const marks = this.#marks.map(({ mark }) => mark).sort((a, b) => a - b);
    const middle = marks.slice(marks.length >> 2, -(marks.length >> 2));
    return middle.reduce((sum, mark) => sum + mark, 0) / middle.length;
  }

  /** So much more than needed is in hand; null until that is known. */
  excess(now) {
    return this.level === null ? null : this.level - this.target(now);
  }

  /**
   * More is about to be put in hand.
   * @param {number} mark the cushion just before
   */
  arrived(mark, now) {
    this.#hasSounded = true;
    if (this.#stalledAt === null) this.#helpedAt = null;
    this.#dryArrivals.count = 0;
    this.#marks.push({ mark, at: now });
    while (this.#marks.length > MARKS && this.#marks[0].at < now - WINDOW) this.#marks.shift();
    if (this.level === null) return;
    if (this.level > mark) this.#memory.note(this.level - mark, now);
    this.#steer(now);
  }

  /** The sound has stopped for want of data. */
  stalled(now) {
    this.#stalledAt ??= now;
    this.#helpedAt = null;
    this.#dryArrivals.count = 0;
  }

  /** More has come while nothing sounds. */
  arrivedDry(now) {
    this.#helpedAt ??= now;
    this.#dryArrivals = { count: this.#dryArrivals.count + 1, at: now };
  }

  /** The sound goes on. */
  resumed(now) {
    if (this.#stalledAt === null) return;
    // What it takes to fill the cushion anew is no fault of the network's.
    const silence = Math.max(0, (this.#helpedAt ?? now) - this.#stalledAt);
    this.#stalledAt = null;
    this.#helpedAt = null;
    const isFirstOutage = silence >= OUTAGE && now - this.#outageAt > HOLD;
    if (silence >= OUTAGE) this.#outageAt = now;
    if (!isFirstOutage) {
      const missed = (this.level ?? this.target(now)) + silence;
      this.#memory.note(Math.min(LIMIT, Math.max(missed, this.target(now) - SAFETY + STEP)), now);
    }
    this.restart();
  }

  /**
   * The playhead has moved: what was in hand before says nothing any more.
   * @param {boolean} isHolding whether it is where it is by choice
   */
  restart(isHolding = this.#isHolding) {
    this.#isHolding = isHolding;
    this.#held = null;
    this.#marks = [];
    this.#dryArrivals.count = 0;
    this.rate = 1;
  }

  /**
   * Once it steers, it steers all the way: a change of the rate is heard in some browsers. Too little in hand is worse
   * than too much.
   */
  #steer(now) {
    if (now - this.#marks[0].at < WINDOW / 2) return;
    const { deadband, crossing } = this.#engine;
    const target = this.target(now);
    if (this.#isHolding) this.#held ??= Math.max(this.level, target);
    const aim = this.#held ?? target;
    const excess = this.level - aim;
    if (this.rate > 1) this.rate = excess > 0 ? FASTER : 1;
    else if (this.rate < 1) this.rate = excess < deadband / 2 ? SLOWER : 1;
    else if (excess > deadband + (this.#steered < 1 ? crossing : 0)) this.rate = FASTER;
    else if (excess < -Math.min(deadband, aim / 3) - (this.#steered > 1 ? crossing : 0)) this.rate = SLOWER;
    if (this.rate !== 1) this.#steered = this.rate;
  }
}
