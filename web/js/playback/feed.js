// From the download to the engine: what comes in is held back until it is enough, then played in order.

import { now } from '../net/clock.js';
import { FrameBatch } from '../mp3/frame-batch.js';
import { SegmentReader } from '../mp3/segment-reader.js';

/**
 * Events: `piece` (with `piece`) for frames that have come in, `change`, and `leap` when something else is to be fetched
 * than what is on its way.
 */
export class Feed extends EventTarget {
  /** Leaps of the playhead after the first start. */
  jumps = 0;

  #planner;
  #cushion;
  #engine = null;
  #batch = new FrameBatch();
  /** Counts the joins: what was fetched for one is of no use to the next. */
  #run = 0;
  /** Where in the engine's timeline the last beginning is, s; null before there is one. */
  #beginning = null;

  /**
   * @param {import('./live-planner.js').LivePlanner} planner
   * @param {import('./cushion.js').Cushion} cushion
   */
  constructor(planner, cushion) {
    super();
    this.#planner = planner;
    this.#cushion = cushion;
  }

  /** Feeds this engine from now on; null for none. */
  plug(engine) {
    this.#engine = engine;
    this.#run++;
    this.#batch.take();
    this.#beginning = null;
  }

  /** What can be played without another download, s. */
  get aheadSeconds() {
    return (this.#engine?.cushionSeconds ?? 0) + this.#batch.seconds;
  }

  /** Has the output running by the time that there is something to hear, if the format is known before. */
  async prime(format = this.#batch.format) {
    const engine = this.#engine;
    if (!engine || engine.isRunning || !format) return;
    await engine.prime(format);
    if (engine === this.#engine) await this.#flush();
  }

  /** Takes what comes of a segment. */
  sink(entry) {
    const run = this.#run;
    const reader = new SegmentReader(entry, this.#planner.nextOffsetSeconds);
    return {
      push: async (bytes) => {
        const piece = reader.push(bytes);
        if (piece && run === this.#run) await this.#take(entry, piece);
      },
      finish: async () => {
        const durationSeconds = reader.finish();
        if (run !== this.#run) return;
        this.#planner.completed(entry, durationSeconds);
        await this.#flush();
        this.#tell('change');
      },
    };
  }

  /** Goes where the follower says. @param {import('./live-planner.js').Join?} join */
  perform(join) {
    if (!join) return;
    if (this.#planner.nextSequence !== null) this.jumps++;
    const engine = this.#engine;
    const time = join.afterCushion ? undefined : engine.timeline.find(join.sequence, join.offsetSeconds);
    if (time === undefined) {
      engine.cue(join.afterCushion);
      this.#fetchFrom(join);
    } else {
      const { isCued } = engine;
      engine.seek(time);
      if (isCued) this.#fetchFrom(engine.timeline.position);
    }
    engine.rate = this.#cushion.rate;
  }

  async #take(entry, piece) {
    const run = this.#run;
    const engine = this.#engine;
    const { isStarved } = engine;
    if (isStarved) this.#cushion.arrivedWhileStarved(now());
    const join = isStarved ? null : this.#planner.arriving(this.aheadSeconds, now());
    this.#planner.received(entry, piece.offsetSeconds + piece.durationSeconds);
    this.#batch.add(piece);
    this.#tell('piece', { piece });
    await this.#flush();
    if (run !== this.#run) return;
    this.perform(join);
    engine.rate = this.#cushion.rate;
    this.#tell('change');
  }

  /** Hands the engine what is in hand, if it is enough to begin with. */
  async #flush() {
    const engine = this.#engine;
    if (!engine?.isRunning) return void this.prime();
    const begins = engine.isStarved && !this.#isBeginning;
    if (begins) {
      if (!this.#planner.hasEnough(this.aheadSeconds, now())) return;
      // It has to be silent in any case: what more there is would be lateness for good.
      if (this.#planner.isLive) this.#batch.trim(this.#cushion.startSeconds(now()) - engine.cushionSeconds);
      this.#beginning = engine.timeline.end;
    }
    const run = this.#run;
    for (const piece of this.#batch.take()) {
      if (run === this.#run) await engine.append(piece);
    }
    if (begins && run === this.#run) engine.resumeAfterStall();
  }

  /** Whether enough to begin with has been handed over, and is not heard yet: what comes meanwhile follows on it. */
  get #isBeginning() {
    const { timeline, cushionSeconds } = this.#engine;
    return this.#beginning !== null && timeline.end - cushionSeconds <= this.#beginning;
  }

  #fetchFrom({ sequence, offsetSeconds }) {
    this.#run++;
    this.#batch.take();
    this.#planner.nextSequence = sequence;
    this.#planner.nextOffsetSeconds = offsetSeconds;
    this.#tell('leap');
  }

  #tell(type, details) {
    this.dispatchEvent(Object.assign(new Event(type), details));
  }
}
