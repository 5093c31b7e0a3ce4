// A server and a listener in simulated time: what the follower decides, played out for hours in a second.

import { Follower } from '../../web/js/follower.js';

const FRAME = 1152 / 48000;

/** A small generator of numbers in 0 … 1, the same at every run (a linear congruence of Knuth’s). */
function randomNumbers(seed) {
  let state = BigInt(seed);
  return () => {
    state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
    return Number(state >> 40n) / 2 ** 24;
  };
}

/** Records since `t` = −30 s; its sound card is off by `drift`. */
class Server {
  constructor({ segmentLength = 2, ringSize = 10, drift = 0 }) {
    Object.assign(this, { segmentLength, ringSize, drift });
    this.outages = [];
  }

  /** Seconds recorded at `t`. */
  recorded(t) {
    return (t + 30) * (1 + this.drift);
  }

  /** Where segment `k` ends, in seconds of the recording: at the frame boundary nearest to the grid. */
  end(k) {
    return Math.round((k + 1) * this.segmentLength / FRAME) * FRAME;
  }

  /** The playlist at `t`; null where the server is not to be reached. */
  playlist(t) {
    if (this.outages.some(([from, to]) => t >= from && t < to)) return null;
    // The encoder and the disk take their time.
    const last = Math.floor((this.recorded(t) - 0.08) / this.segmentLength) - 1;
    const entries = [];
    for (let k = Math.max(0, last - this.ringSize + 1); k <= last; k++) {
      const start = k === 0 ? 0 : this.end(k - 1);
      const duration = this.end(k) - start;
      entries.push({ sequence: k, url: `${k}`, duration, date: start * 1000, discontinuity: false });
    }
    return { targetDuration: Math.ceil(this.segmentLength), discontinuitySequence: 0, ended: false, entries };
  }
}

export class Simulation {
  t = 0;
  stalls = 0;
  silence = 0;
  jumps = 0;
  rateChanges = 0;
  /** Seconds behind live, sampled once a second. */
  behind = [];

  /**
   * @param {object} world
   * @param {number} [world.drift] of the server's sound card against its clock
   * @param {number} [world.speaker] of the listener's against the same
   * @param {number} [world.phase] of the listener's first load against the segments, s
   * @param {number} [world.network] mean of a download, s
   * @param {number} [world.timers] how late a timer may be, s
   */
  constructor({ speaker = 0, phase = 0, network = 0.04, timers = 0.004, deadband = 0.15, seed = 1, ...server } = {}) {
    this.server = new Server(server);
    this.follower = new Follower(deadband);
    Object.assign(this, { speaker, network, timers, t: phase, random: randomNumbers(seed) });
    this.cushion = 0;
    this.position = 0;
    this.started = false;
    this.due = -Infinity;
    this.sampleAt = phase;
  }

  run(seconds) {
    const until = this.t + seconds;
    while (this.t < until) this.#load();
    return this;
  }

  perform(join) {
    if (!join) return;
    if (this.follower.next !== null) this.jumps++;
    const start = join.sequence === 0 ? 0 : this.server.end(join.sequence - 1);
    this.position = start + join.offset;
    this.follower.next = join.sequence;
    this.skip = join.offset;
    if (join.afterCushion) {
      this.position -= this.cushion;
    } else {
      this.cushion = 0;
      this.started = false;
    }
  }

  #load() {
    const loadedAt = this.t - this.due < 0.05 ? this.due : this.t;
    this.#advance(this.#download());
    const playlist = this.server.playlist(this.t);
    if (playlist === null) return this.#advance(5);
    const last = playlist.entries.at(-1);
    const edgeAge = loadedAt + 30 - last.date / 1000 - last.duration;
    this.#apply(() => this.perform(this.follower.loaded(playlist, loadedAt, edgeAge, this.cushion)));
    for (let entry; (entry = this.follower.wanted(this.cushion, this.t));) {
      this.#advance(this.#download());
      this.cushion += entry.duration - (this.skip ?? 0);
      this.skip = 0;
      this.started = true;
      this.follower.fetched(entry);
    }
    this.due = this.follower.reloadAt;
    this.#advance(Math.max(0, this.due - this.t) + this.timers * this.random());
  }

  #apply(decide) {
    const before = this.follower.rate;
    decide();
    if (this.follower.rate !== before) this.rateChanges++;
  }

  #download() {
    return this.network * (0.5 + this.random());
  }

  #advance(seconds) {
    for (let rest = seconds; rest > 0;) {
      const step = Math.min(rest, Math.max(1e-9, this.sampleAt - this.t));
      this.#play(step);
      this.t += step;
      rest -= step;
      if (this.t >= this.sampleAt) {
        if (this.started) this.behind.push(this.server.recorded(this.t) - this.position);
        this.sampleAt += 1;
      }
    }
  }

  #play(seconds) {
    if (!this.started) return;
    const speed = this.follower.rate * (1 + this.speaker);
    const played = Math.min(seconds * speed, this.cushion);
    if (played < seconds * speed - 1e-9) {
      if (this.cushion > 0) {
        this.stalls++;
        this.follower.stalled(this.t);
      }
      this.silence += seconds - played / speed;
    }
    this.cushion -= played;
    this.position += played;
  }
}
