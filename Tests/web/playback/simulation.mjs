// A server and a listener in simulated time: what the follower decides, played out for hours in a second.

import { Follower } from '../../../web/js/playback/follower.js';
import { Latency } from '../../../web/js/playback/latency.js';

const FRAME = 1152 / 48000;
const CHUNK = 4 * FRAME;
/** How old the newest frame is when it can be had, s. */
const LAG = 0.06;

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
  /** From, to: nothing comes through, and comes all at once afterwards. */
  holes = [];

  constructor({ segmentLength = 2, ringSize = 10, drift = 0, grows = true }) {
    Object.assign(this, { segmentLength, ringSize, drift, grows });
  }

  /** Seconds recorded at `t`. */
  recorded(t) {
    return (t + 30) * (1 + this.drift);
  }

  /** When so many seconds have been recorded, encoded and sent. */
  sent(recorded) {
    const at = recorded / (1 + this.drift) - 30 + LAG;
    const hole = this.holes.find(([from, to]) => at >= from && at < to);
    return hole ? hole[1] : at;
  }

  /** Where segment `k` begins, in seconds of the recording: at the frame boundary nearest to the grid. */
  start(k) {
    return Math.round(k * this.segmentLength / FRAME) * FRAME;
  }

  duration(k) {
    return this.start(k + 1) - this.start(k);
  }

  playlist(t) {
    let last = Math.floor((this.recorded(t) - LAG) / this.segmentLength) - 1;
    while (this.sent(this.start(last + 1)) > t) last--;
    const entries = [];
    for (let k = Math.max(0, last - this.ringSize + 1); k <= last; k++) {
      const [date, duration] = [this.start(k) * 1000, this.duration(k)];
      entries.push({ sequence: k, url: `http://server/${k}.mp3`, duration, date, discontinuity: false, isGrowing: false });
    }
    const upcoming = { date: null, discontinuity: false };
    return { targetDuration: Math.ceil(this.segmentLength), discontinuitySequence: 0, ended: false, entries, upcoming };
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

  /** Ahead of the playhead, and held back until it is enough to begin with. */
  #cushion = 0;
  #held = 0;
  #position = 0;
  #isDry = true;
  #sampleAt = 0;

  /**
   * @param {object} world
   * @param {number} [world.drift] of the server's sound card against its clock
   * @param {number} [world.speaker] of the listener's against the same
   * @param {number} [world.phase] of the listener's first load against the segments, s
   * @param {(random: () => number) => number} [world.late] how late a chunk is, s
   * @param {number} [world.wish] low-water mark that the listener asks for, s
   * @param {number?} [world.partLength] what grows comes in parts of so many seconds
   */
  constructor({
    speaker = 0, phase = 0, late = (random) => 0.01 * random(), wish = 0, floor = 0.12, deadband = 0.03, seed = 1,
    partLength = null, ...server
  } = {}) {
    this.server = new Server(server);
    this.latency = new Latency({ floor, primer: 0, swallows: 0, deadband, crossing: 0 });
    this.latency.wish = wish;
    this.follower = new Follower(this.latency);
    this.follower.growsBy(partLength, CHUNK);
    this.chunk = partLength ?? CHUNK;
    Object.assign(this, { speaker, late, t: phase, random: randomNumbers(seed) });
    this.#sampleAt = phase;
    this.#load();
  }

  run(seconds) {
    const until = this.t + seconds;
    while (this.t < until) this.#step();
    return this;
  }

  #step() {
    const { follower } = this;
    if (this.t >= follower.reloadAt(true)) this.#load();
    const entry = follower.wanted(this.#ahead);
    if (entry === null) this.#advance(Math.max(0.001, follower.reloadAt(true) - this.t));
    else if (!entry.isGrowing) this.#receive(entry, entry.duration);
    else if (this.server.grows) this.#receiveChunk(entry);
    else follower.missing(entry);
  }

  #receiveChunk(entry) {
    const start = this.server.start(entry.sequence);
    const duration = this.server.duration(entry.sequence);
    // What is there already comes at once.
    let end = this.follower.offset;
    do end = Math.min(duration, (Math.floor(end / this.chunk + 1e-6) + 1) * this.chunk);
    while (end < duration && this.server.sent(start + end) <= this.t);
    this.#advance(Math.max(0, this.server.sent(start + end) + this.late(this.random) - this.t));
    this.#receive({ ...entry, duration }, end);
  }

  #receive(entry, end) {
    const { follower, latency } = this;
    this.#advance(0.002);
    if (this.#isDry) latency.arrivedDry(this.t);
    const before = latency.rate;
    const join = this.#isDry ? null : follower.arriving(this.#ahead, this.t);
    if (latency.rate !== before) this.rateChanges++;
    this.#held += end - follower.offset;
    follower.received(entry, end);
    if (end >= entry.duration - 1e-9) follower.completed(entry, entry.duration);
    this.#flush();
    this.#perform(join);
  }

  #flush() {
    if (this.#isDry) {
      if (!this.follower.hasEnough(this.#ahead, this.t)) return;
      const surplus = this.follower.live ? Math.max(0, this.#ahead - this.latency.start(this.t)) : 0;
      this.#held -= surplus;
      this.#position += surplus;
      this.#isDry = false;
      this.latency.resumed(this.t);
    }
    this.#cushion += this.#held;
    this.#held = 0;
  }

  #perform(join) {
    if (!join) return;
    this.jumps++;
    const place = this.server.start(join.sequence) + join.offset;
    const skipped = place - this.#position;
    if (!join.afterCushion && skipped >= 0 && skipped <= this.#cushion) {
      this.#cushion -= skipped;
      this.#position = place;
    } else {
      this.#held = 0;
      this.follower.next = join.sequence;
      this.follower.offset = join.offset;
      if (join.afterCushion) return;
      this.#cushion = 0;
      this.#position = place;
      this.#isDry = true;
    }
  }

  get #ahead() {
    return this.#cushion + this.#held;
  }

  #load() {
    const playlist = this.server.playlist(this.t);
    const last = playlist.entries.at(-1);
    const edgeAge = this.t + 30 - last.date / 1000 - last.duration;
    const isFirst = this.follower.next === null;
    this.#perform(this.follower.loaded(playlist, this.t, edgeAge, this.#ahead));
    if (isFirst) this.jumps = 0;
  }

  #advance(seconds) {
    for (let rest = seconds; rest > 0;) {
      const step = Math.min(rest, Math.max(1e-9, this.#sampleAt - this.t));
      this.#play(step);
      this.t += step;
      rest -= step;
      if (this.t >= this.#sampleAt) {
        if (!this.#isDry) this.behind.push(this.server.recorded(this.t) - this.#position);
        this.#sampleAt += 1;
      }
    }
  }

  #play(seconds) {
    if (this.#isDry) {
      this.silence += seconds;
      return;
    }
    const speed = this.latency.rate * (1 + this.speaker);
    const played = Math.min(seconds * speed, this.#cushion);
    this.#cushion -= played;
    this.#position += played;
    if (played >= seconds * speed - 1e-9) return;
    this.stalls++;
    this.silence += seconds - played / speed;
    this.#isDry = true;
    this.latency.stalled(this.t - seconds + played / speed);
  }
}
