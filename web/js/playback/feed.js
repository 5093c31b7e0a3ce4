// The feed: from the download to the engine. It holds frames back until they are enough for a start, then hands them
// on.

import { FrameBatch } from '../mp3/frame-batch.js';
import { SegmentReader } from '../mp3/segment-reader.js';
import { now } from '../net/clock.js';

/**
 * Events: `piece` (with `piece`) when frames have come, `change` when anything here may have changed, `jump` when the
 * download under way is no longer wanted.
 */
export class Feed extends EventTarget {
  #jumps = 0;
  #planner;
  #cushion;
  #engine = null;
  #batch = new FrameBatch();
  /** Counts the joins. Frames that were fetched for an earlier join are of no use. */
  #run = 0;
  /** Media time of the engine where the last start is; null before the first. */
  #startedAt = null;

  /**
   * @param {import('./live-planner.js').LivePlanner} planner
   * @param {import('./cushion.js').Cushion} cushion
   */
  constructor(planner, cushion) {
    super();
    this.#planner = planner;
    this.#cushion = cushion;
  }

  /** How often the playhead has jumped since the first start. */
  get jumps() {
    return this.#jumps;
  }

  /** Feeds this engine from now on; null for none. */
  plug(engine) {
    this.#engine = engine;
    this.#run++;
    this.#batch.take();
    this.#startedAt = null;
  }

  /** Seconds of sound that are downloaded and not yet heard. */
  get aheadSeconds() {
    return (this.#engine?.cushionSeconds ?? 0) + this.#batch.seconds;
  }

  /**
   * Prepares the output, so that it runs when the first frames come.
   * @param {import('../mp3/frame-batch.js').Piece['format']} [format] of the stream; undefined where it is unknown
   */
  async prime(format = this.#batch.format) {
    const engine = this.#engine;
    if (!engine || engine.isRunning || !format) return;
    try {
      await engine.prime(format);
    } catch {
      // The engine was closed, or reports its failure by an event.
      return;
    }
    if (engine === this.#engine) await this.#flush();
  }

  /**
   * Receives the bytes of a segment.
   * @returns {import('../net/loader.js').Sink}
   */
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

  /** Plays from the place that the planner names. @param {import('./live-planner.js').Join} join */
  perform(join) {
    if (this.#planner.nextSequence !== null) this.#jumps++;
    const engine = this.#engine;
    const time = join.afterCushion ? undefined : engine.timeline.find(join.sequence, join.offsetSeconds);
    if (time === undefined) {
      engine.expectDiscontinuity(join.afterCushion);
      this.#fetchFrom(join);
    } else {
      const { expectsDiscontinuity } = engine;
      engine.seek(time);
      if (expectsDiscontinuity) this.#fetchFrom(engine.timeline.position);
    }
    engine.setRate(this.#cushion.rate);
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
    if (join !== null) this.perform(join);
    engine.setRate(this.#cushion.rate);
    this.#tell('change');
  }

  /** Hands the held frames to the engine. For a start they must be enough. */
  async #flush() {
    const engine = this.#engine;
    if (!engine?.isRunning) return void this.prime();
    const starts = engine.isStarved && !this.#isStarting;
    if (starts) {
      if (!this.#planner.hasEnough(this.aheadSeconds, now())) return;
      // The engine is silent now in any case. Playing more than needed would make the sound late until the next jump.
      if (this.#planner.isLive) this.#batch.trim(this.#cushion.startSeconds(now()) - engine.cushionSeconds);
      this.#startedAt = engine.timeline.end;
    }
    const run = this.#run;
    for (const piece of this.#batch.take()) {
      if (run === this.#run) await engine.append(piece);
    }
    if (starts && run === this.#run) engine.resumeAfterStall();
  }

  /** Whether the engine has enough for a start and does not sound yet. Frames that come meanwhile follow the start. */
  get #isStarting() {
    const { timeline, cushionSeconds } = this.#engine;
    return this.#startedAt !== null && timeline.end - cushionSeconds <= this.#startedAt;
  }

  #fetchFrom(place) {
    this.#run++;
    this.#batch.take();
    this.#planner.fetchFrom(place);
    this.#tell('jump');
  }

  #tell(type, details) {
    this.dispatchEvent(Object.assign(new Event(type), details));
  }
}
