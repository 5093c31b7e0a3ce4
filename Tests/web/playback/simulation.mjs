// A simulated server and listener: the planner plays hours of sessions within a second.

import { LivePlanner } from '../../../web/js/playback/live-planner.js';
import { Cushion } from '../../../web/js/playback/cushion.js';

const FRAME_SECONDS = 1152 / 48000;
const CHUNK_SECONDS = 4 * FRAME_SECONDS;
/** The age of the newest frame when the server has it. */
const LAG_SECONDS = 0.06;

/** Random numbers from 0 to 1, the same in each run (Knuth’s linear congruential generator). */
function randomNumbers(seed) {
  let state = BigInt(seed);
  return () => {
    state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
    return Number(state >> 40n) / 2 ** 24;
  };
}

/** A server that records since `t` = −30 s. Its sound card is off by `drift`. */
class Server {
  /** Pairs of from and to. Between them nothing arrives. After them all of it arrives at once. */
  holes = [];

  constructor({ segmentSeconds = 2, ringSize = 10, drift = 0, sendsRecording = true }) {
    Object.assign(this, { segmentSeconds, ringSize, drift, sendsRecording });
  }

  /** The seconds recorded at `t`. */
  recordedSeconds(t) {
    return (t + 30) * (1 + this.drift);
  }

  /** The time at which this much is recorded, encoded and sent. */
  sent(recordedSeconds) {
    const at = recordedSeconds / (1 + this.drift) - 30 + LAG_SECONDS;
    const hole = this.holes.find(([from, to]) => at >= from && at < to);
    return hole ? hole[1] : at;
  }

  /** The start of segment `k` in the recording: the frame boundary nearest to the grid. */
  start(k) {
    return Math.round(k * this.segmentSeconds / FRAME_SECONDS) * FRAME_SECONDS;
  }

  durationSeconds(k) {
    return this.start(k + 1) - this.start(k);
  }

  playlist(t) {
    let last = Math.floor((this.recordedSeconds(t) - LAG_SECONDS) / this.segmentSeconds) - 1;
    while (this.sent(this.start(last + 1)) > t) last--;
    const entries = [];
    for (let k = Math.max(0, last - this.ringSize + 1); k <= last; k++) {
      const [date, durationSeconds] = [this.start(k) * 1000, this.durationSeconds(k)];
      const url = `http://server/${k}.mp3`;
      entries.push({ sequence: k, url, durationSeconds, date, discontinuity: false, isRecording: false });
    }
    const upcoming = { date: null, discontinuity: false };
    const targetDurationSeconds = Math.ceil(this.segmentSeconds);
    return { targetDurationSeconds, discontinuitySequence: 0, ended: false, entries, upcoming };
  }
}

export class Simulation {
  t = 0;
  stalls = 0;
  silence = 0;
  jumps = 0;
  rateChanges = 0;
  /** The delay in seconds, sampled once a second. */
  behind = [];

  /** Sound ahead of the playhead, and sound that is held back until it is enough for a start. */
  #cushionSeconds = 0;
  #heldSeconds = 0;
  #position = 0;
  #isStarved = true;
  #sampleAt = 0;

  /**
   * @param {object} world
   * @param {number} [world.drift] of the server's sound card against its clock
   * @param {number} [world.speaker] of the listener's sound card against the same clock
   * @param {number} [world.phase] the time of the listener's first load, in seconds after a segment's start
   * @param {(random: () => number) => number} [world.late] the lateness of a chunk
   * @param {number} [world.requestedSeconds] the low-water mark that the listener requests
   * @param {number?} [world.partSeconds] the length of parts; null where segments arrive as they are recorded
   */
  constructor({
    speaker = 0, phase = 0, late = (random) => 0.01 * random(), requestedSeconds = 0, floorSeconds = 0.12,
    deadbandSeconds = 0.03, seed = 1, partSeconds = null, ...server
  } = {}) {
    this.server = new Server(server);
    this.cushion = new Cushion({
      floorSeconds, primerSeconds: 0, outputSeconds: 0, lostAfterStallSeconds: 0, deadbandSeconds, crossingSeconds: 0,
    });
    this.cushion.request(requestedSeconds);
    this.planner = new LivePlanner(this.cushion);
    this.planner.setArrivals(partSeconds, CHUNK_SECONDS);
    this.chunk = partSeconds ?? CHUNK_SECONDS;
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
    const { planner } = this;
    if (this.t >= planner.reloadAt(true)) this.#load();
    const entry = planner.segmentToFetch(this.#aheadSeconds);
    if (entry === null) this.#advance(Math.max(0.001, planner.reloadAt(true) - this.t));
    else if (!entry.isRecording) this.#receive(entry, entry.durationSeconds);
    else if (this.server.sendsRecording) this.#receiveChunk(entry);
    else planner.missing(entry);
  }

  #receiveChunk(entry) {
    const start = this.server.start(entry.sequence);
    const durationSeconds = this.server.durationSeconds(entry.sequence);
    // The recorded part comes at once.
    let end = this.planner.nextOffsetSeconds;
    do end = Math.min(durationSeconds, (Math.floor(end / this.chunk + 1e-6) + 1) * this.chunk);
    while (end < durationSeconds && this.server.sent(start + end) <= this.t);
    this.#advance(Math.max(0, this.server.sent(start + end) + this.late(this.random) - this.t));
    this.#receive({ ...entry, durationSeconds }, end);
  }

  #receive(entry, end) {
    const { planner, cushion } = this;
    this.#advance(0.002);
    if (this.#isStarved) cushion.arrivedWhileStarved(this.t);
    const before = cushion.rate;
    const join = this.#isStarved ? null : planner.arriving(this.#aheadSeconds, this.t);
    if (cushion.rate !== before) this.rateChanges++;
    this.#heldSeconds += end - planner.nextOffsetSeconds;
    planner.received(entry, end);
    if (end >= entry.durationSeconds - 1e-9) planner.completed(entry, entry.durationSeconds);
    this.#flush();
    this.#perform(join);
  }

  #flush() {
    if (this.#isStarved) {
      if (!this.planner.hasEnough(this.#aheadSeconds, this.t)) return;
      const surplus = this.planner.isLive ? Math.max(0, this.#aheadSeconds - this.cushion.startSeconds(this.t)) : 0;
      this.#heldSeconds -= surplus;
      this.#position += surplus;
      this.#isStarved = false;
      this.cushion.resumed(this.t);
    }
    this.#cushionSeconds += this.#heldSeconds;
    this.#heldSeconds = 0;
  }

  #perform(join) {
    if (!join) return;
    this.jumps++;
    const place = this.server.start(join.sequence) + join.offsetSeconds;
    const skippedSeconds = place - this.#position;
    if (!join.afterCushion && skippedSeconds >= 0 && skippedSeconds <= this.#cushionSeconds) {
      this.#cushionSeconds -= skippedSeconds;
      this.#position = place;
    } else {
      this.#heldSeconds = 0;
      this.planner.fetchFrom(join);
      if (join.afterCushion) return;
      this.#cushionSeconds = 0;
      this.#position = place;
      this.#isStarved = true;
    }
  }

  get #aheadSeconds() {
    return this.#cushionSeconds + this.#heldSeconds;
  }

  #load() {
    const playlist = this.server.playlist(this.t);
    const last = playlist.entries.at(-1);
    const edgeAgeSeconds = this.t + 30 - last.date / 1000 - last.durationSeconds;
    const isFirst = this.planner.nextSequence === null;
    this.#perform(this.planner.loaded(playlist, this.t, edgeAgeSeconds, this.#aheadSeconds));
    if (isFirst) this.jumps = 0;
  }

  #advance(seconds) {
    for (let restSeconds = seconds; restSeconds > 0;) {
      const step = Math.min(restSeconds, Math.max(1e-9, this.#sampleAt - this.t));
      this.#play(step);
      this.t += step;
      restSeconds -= step;
      if (this.t >= this.#sampleAt) {
        if (!this.#isStarved) this.behind.push(this.server.recordedSeconds(this.t) - this.#position);
        this.#sampleAt += 1;
      }
    }
  }

  #play(seconds) {
    if (this.#isStarved) {
      this.silence += seconds;
      return;
    }
    const speed = this.cushion.rate * (1 + this.speaker);
    const played = Math.min(seconds * speed, this.#cushionSeconds);
    this.#cushionSeconds -= played;
    this.#position += played;
    if (played >= seconds * speed - 1e-9) return;
    this.stalls++;
    this.silence += seconds - played / speed;
    this.#isStarved = true;
    this.cushion.stalled(this.t - seconds + played / speed);
  }
}
