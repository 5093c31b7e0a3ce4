// Flow control in pure functions: how much is kept in hand, how fast it is played, when to jump. Seconds throughout.
//
// The cushion is what is buffered ahead of the playhead. With segments it is a sawtooth: it drops by one second a
// second and rises by a segment's duration at each arrival. Its low-water mark, just before an arrival, is what keeps
// the sound from stopping; so that is what is steered.

/** Beyond what is computed: for the network, the decoder, a late timer. */
const MARGIN = 0.35;

/** 9 cents: nobody hears it, and it wins back 0.3 s a minute. */
export const FASTER = 1.005;
export const SLOWER = 0.995;

/** Low-water marks that are looked at together. */
const MARKS = 5;

/** Each stall raises the resting cushion by this part of itself, up to the limit; calm halves what was raised. */
const CAUTION_STEP = 0.5;
const CAUTION_LIMIT = 2;
const CAUTION_HALF_LIFE = 120;

/**
 * The low-water mark to rest at: enough for a reload of the playlist that comes a moment too early, and so is followed
 * by a wait of half a target duration.
 */
export const restingCushion = (targetDuration) => targetDuration / 2 + MARGIN;

/**
 * How far from the end of the playlist the playhead belongs.
 * @param {number} resting low-water mark aimed at
 * @param {number} segmentDuration
 * @param {number} age how long ago the last segment appeared
 */
export const restingDistance = (resting, segmentDuration, age) => resting + Math.max(0, segmentDuration - age);

/** The same for a start, which must last until the reload after next is answered. */
export const startDistance = (resting, segmentDuration, age, untilReload) =>
  Math.max(restingDistance(resting, segmentDuration, age), untilReload + MARGIN);

/** More than this too far behind, playback jumps; less is won back by playing a little faster. */
export const jumpThreshold = (segmentDuration) => Math.max(3, 1.5 * segmentDuration);

/**
 * The next playback rate. Once it steers, it steers all the way, so that the rate changes as seldom as can be: a change
 * is heard in some browsers.
 * @param {number} rate the present one
 * @param {number} low low-water mark
 * @param {number} target low-water mark aimed at
 * @param {number} deadband how far off it may be before anything is done
 */
export function steer(rate, low, target, deadband) {
  const excess = low - target;
  if (rate > 1) return excess > 0 ? FASTER : 1;
  if (rate < 1) return excess < 0 ? SLOWER : 1;
  if (excess > deadband) return FASTER;
  if (excess < -deadband) return SLOWER;
  return 1;
}

/** The low-water mark, filtered: the median of the last few, which a single late arrival doesn't move. */
export class LowWater {
  #marks = [];

  note(mark) {
    this.#marks.push(mark);
    if (this.#marks.length > MARKS) this.#marks.shift();
  }

  /** Null until there are enough of them. */
  get value() {
    if (this.#marks.length < MARKS) return null;
    return [...this.#marks].sort((a, b) => a - b)[(MARKS - 1) / 2];
  }

  clear() {
    this.#marks = [];
  }
}

/** How much more than usual is kept in hand, after stalls: a factor, 1 when all is calm. */
export class Caution {
  #raised = 0;
  #since = 0;

  stall(now) {
    this.#raised = Math.min(CAUTION_LIMIT, this.factor(now) - 1 + CAUTION_STEP);
    this.#since = now;
  }

  factor(now) {
    return 1 + this.#raised * 0.5 ** ((now - this.#since) / CAUTION_HALF_LIFE);
  }
}
