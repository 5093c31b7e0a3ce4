// From the download to the engine: what comes in is held back until it is enough, then played in order.

import { now } from '../net/alarm.js';
import { Batch } from '../mp3/batch.js';
import { Intake } from '../mp3/intake.js';

/**
 * Events: `piece` (with `piece`) for frames that have come in, `change`, and `leap` when something else is to be fetched
 * than what is on its way.
 */
export class Feed extends EventTarget {
  /** Leaps of the playhead after the first start. */
  jumps = 0;

  #follower;
  #latency;
  #engine = null;
  #batch = new Batch();
  /** Counts the joins: what was fetched for one is of no use to the next. */
  #run = 0;
  /** Where in the engine's timeline the last beginning is, s; null before there is one. */
  #beginning = null;

  /**
   * @param {import('./follower.js').Follower} follower
   * @param {import('./latency.js').Latency} latency
   */
  constructor(follower, latency) {
    super();
    this.#follower = follower;
    this.#latency = latency;
  }

  /** Feeds this engine from now on; null for none. */
  plug(engine) {
    this.#engine = engine;
    this.#run++;
    this.#batch.take();
    this.#beginning = null;
  }

  /** What can be played without another download, s. */
  get ahead() {
    return (this.#engine?.cushion ?? 0) + this.#batch.seconds;
  }

  /** Has the output running by the time that there is something to hear, if the format is known before. */
  async prime(format = this.#batch.format) {
    const engine = this.#engine;
    if (!engine || engine.isRunning || !format) return;
    await engine.prime(format);
    if (engine === this.#engine) await this.#flush();
  }

  /** Takes what comes of a segment. */
  taker(entry) {
    const run = this.#run;
    const intake = new Intake(entry, this.#follower.offset);
    return {
      push: async (bytes) => {
        const piece = intake.push(bytes);
        if (piece && run === this.#run) await this.#take(entry, piece);
      },
      finish: async () => {
        const duration = intake.finish();
        if (run !== this.#run) return;
        this.#follower.completed(entry, duration);
        await this.#flush();
        this.#tell('change');
      },
    };
  }

  /** Goes where the follower says. @param {import('./follower.js').Join?} join */
  perform(join) {
    if (!join) return;
    if (this.#follower.next !== null) this.jumps++;
    const engine = this.#engine;
    const time = join.afterCushion ? undefined : engine.timeline.find(join.sequence, join.offset);
    if (time === undefined) {
      engine.cue(join.afterCushion);
      this.#fetchFrom(join);
    } else {
      const { isCued } = engine;
      engine.seek(time);
      if (isCued) this.#fetchFrom(engine.timeline.position);
    }
    engine.rate = this.#latency.rate;
  }

  async #take(entry, piece) {
    const run = this.#run;
    const engine = this.#engine;
    const { isDry } = engine;
    if (isDry) this.#latency.arrivedDry(now());
    const join = isDry ? null : this.#follower.arriving(this.ahead, now());
    this.#follower.received(entry, piece.offset + piece.duration);
    this.#batch.add(piece);
    this.#tell('piece', { piece });
    await this.#flush();
    if (run !== this.#run) return;
    this.perform(join);
    engine.rate = this.#latency.rate;
    this.#tell('change');
  }

  /** Hands the engine what is in hand, if it is enough to begin with. */
  async #flush() {
    const engine = this.#engine;
    if (!engine?.isRunning) return void this.prime();
    const begins = engine.isDry && !this.#isBeginning;
    if (begins) {
      if (!this.#follower.hasEnough(this.ahead, now())) return;
      // It has to be silent in any case: what more there is would be lateness for good.
      if (this.#follower.live) this.#batch.trim(this.#latency.start(now()) - engine.cushion);
      this.#beginning = engine.timeline.end;
    }
    const run = this.#run;
    for (const piece of this.#batch.take()) {
      if (run === this.#run) await engine.append(piece);
    }
    if (begins && run === this.#run) engine.goOn();
  }

  /** Whether enough to begin with has been handed over, and is not heard yet: what comes meanwhile follows on it. */
  get #isBeginning() {
    const { timeline, cushion } = this.#engine;
    return this.#beginning !== null && timeline.end - cushion <= this.#beginning;
  }

  #fetchFrom({ sequence, offset }) {
    this.#run++;
    this.#batch.take();
    this.#follower.next = sequence;
    this.#follower.offset = offset;
    this.#tell('leap');
  }

  #tell(type, details) {
    this.dispatchEvent(Object.assign(new Event(type), details));
  }
}
