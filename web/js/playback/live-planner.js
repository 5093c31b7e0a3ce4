// What to play: the segment that is being recorded, as it grows, or what is at the distance the listener has chosen.

import { discontinuityCount, growingEntry, grown, averageSegmentSeconds, totalSeconds } from '../hls/playlist.js';
import { reloadDelaySeconds } from '../net/retry.js';

/** How old the newest frame is that can be had, before that is measured, s. */
const LAG_SECONDS = 0.1;
/** Between two arrivals of a growing segment, s, where the server doesn't say. */
const CHUNK_SECONDS = 0.12;
/**
 * nginx has whoever waits for a part look again so often, s: it is late by up to this, and then what has come in twice the
 * time comes at once. Not for who asks first.
 */
const PARTS_DELAY_SECONDS = 0.5;
const PARTS_LUMP_SECONDS = 2 * PARTS_DELAY_SECONDS;
/** What a playlist that has to be waited for asks for on top of half a target duration, s. */
const POLLING_MARGIN_SECONDS = 0.35;
/** More than this too far behind, playback jumps, s; less is won back by playing a little faster. */
const JUMP_SECONDS = 0.5;
/** Who listens to what grows needs the playlist no more; but what it says is looked at so often at least, s. */
const REFRESH_SECONDS = 30;
/** No more than this is buffered ahead, s: memory stays flat however far back the listener listens. */
const MAX_AHEAD_SECONDS = 60;
/** A segment that is listed but not to be had is passed over after so many tries. */
const MAX_MISSES = 2;
/** Who wants to be no more than this further back wants to be live, s. */
const AS_GOOD_AS_LIVE_SECONDS = 0.5;
/** Where a playlist is so many target durations old, or too new, the clock was set, and its dates follow later. */
const INCREDIBLE_TARGETS = 3;
/** Nothing has been loaded for so much longer than it should: nothing has been played either, s. */
const ASLEEP_SECONDS = 5;
/** A playlist that has gone back this often is no stale copy of a cache: the stream has begun anew. */
const STALE_LOADS = 3;

/**
 * Decides without clock, network or media element: it is told what happens, with the time in seconds of a monotonic
 * clock, and answers with what to do.
 *
 * @typedef {object} Join play from here, whatever was played before
 * @property {number} sequence media sequence number of the segment to start in
 * @property {number} offsetSeconds seconds into it
 * @property {boolean} afterCushion whether what is buffered is played first
 */
export class LivePlanner {
  /** @type {import('../hls/playlist.js').Playlist?} */
  playlist = null;
  /** Media sequence number of the segment to fetch next; null before the first playlist. */
  nextSequence = null;
  /** Seconds of it that are in hand, or are not wanted. */
  nextOffsetSeconds = 0;
  /** EXT-X-DISCONTINUITY tags met since the start. */
  discontinuities = 0;
  /** How many segments the server lists, where that is known. @type {number?} */
  ringSize = null;

  #cushion;
  #chunkSeconds = CHUNK_SECONDS;
  #partSeconds = null;
  #isLive = true;
  /** The growing segment that the server would not give before it was complete: it is polled for. */
  #refusedSequence = null;
  /** When what is listed ended, as far as is known. */
  #edgeAt = 0;
  #loadedAt = -Infinity;
  #delaySeconds = 0;
  #refreshSeconds = Infinity;
  #isDoubtful = false;
  #discontinuityCount = 0;
  #misses = { sequence: null, count: 0 };
  #backwards = 0;

  /** @param {import('./cushion.js').Cushion} cushion */
  constructor(cushion) {
    this.#cushion = cushion;
    this.#expectGrowth();
  }

  /** Whether playback keeps to the live end, rather than where the listener wants it. */
  get isLive() {
    return this.#isLive;
  }

  set isLive(isLive) {
    this.#isLive = isLive;
    this.#cushion.restart(!isLive);
  }

  /**
   * How what is being recorded comes in.
   * @param {number?} partSeconds in parts of so many seconds; null: as it grows
   * @param {number} [chunkSeconds] seconds between two arrivals of what grows
   */
  setArrivals(partSeconds, chunkSeconds = CHUNK_SECONDS) {
    if (partSeconds === this.#partSeconds && chunkSeconds === this.#chunkSeconds) return;
    this.#partSeconds = partSeconds;
    this.#chunkSeconds = chunkSeconds;
    this.#expectGrowth();
  }

  get first() {
    return this.playlist?.entries[0]?.sequence ?? null;
  }

  get last() {
    return this.playlist?.entries.at(-1)?.sequence ?? null;
  }

  /** The segment that is being recorded, as far as is known. @returns {import('../hls/playlist.js').Entry?} */
  get growing() {
    return this.playlist && growingEntry(this.playlist);
  }

  /** Seconds from the playhead to the end of what is listed; less than nothing in the segment that grows. */
  distanceSeconds(cushionSeconds) {
    return cushionSeconds + this.#pendingSeconds;
  }

  /** The same to the live edge, which moves on all the time: free of the sawtooth. */
  behindEdgeSeconds(cushionSeconds, now) {
    return this.distanceSeconds(cushionSeconds) + this.edgeAgeSeconds(now);
  }

  /** How far back the listener can go, s, in terms of `behindEdgeSeconds`. */
  windowSeconds(now) {
    return this.playlist ? totalSeconds(this.playlist.entries) + this.edgeAgeSeconds(now) : 0;
  }

  /** How long ago the last segment ended, s, as far as is known. */
  edgeAgeSeconds(now) {
    if (!this.playlist || this.playlist.ended) return 0;
    return Math.min(Math.max(0, now - this.#edgeAt), averageSegmentSeconds(this.playlist));
  }

  /**
   * A playlist has been loaded.
   * @param {number} loadedAt when the load began
   * @param {number?} edgeAgeSeconds the server's time then, less the end of the last segment; null where it is not known
   * @param {number?} cushionSeconds at this moment; null when nothing is to be played now
   * @returns {Join?}
   */
  loaded(playlist, loadedAt, edgeAgeSeconds, cushionSeconds) {
    const { first: oldFirst, last: oldLast } = this;
    const secondsSinceLoad = loadedAt - this.#loadedAt;
    this.#loadedAt = loadedAt;
    const last = playlist.entries.at(-1);
    if (!last || this.#isStale(last.sequence, oldLast)) {
      this.#delaySeconds = playlist.targetDurationSeconds / 2;
      return null;
    }
    const changed = !this.playlist || last.sequence !== oldLast || playlist.entries[0].sequence !== oldFirst;
    if (this.playlist) this.discontinuities += Math.max(0, discontinuityCount(playlist) - this.#discontinuityCount);
    this.#discontinuityCount = discontinuityCount(playlist);
    const isCredible = edgeAgeSeconds !== null && Math.abs(edgeAgeSeconds) < INCREDIBLE_TARGETS * playlist.targetDurationSeconds;
    // After a surprise the dates of what grows are not sure before it is listed.
    const isSurprise = secondsSinceLoad < this.#refreshSeconds || this.#isDoubtful || edgeAgeSeconds !== null && !isCredible;
    this.#refreshSeconds = isSurprise ? 1.5 * averageSegmentSeconds(playlist) : Math.min(REFRESH_SECONDS, 2 * this.#refreshSeconds);
    this.#isDoubtful = false;
    this.#show(playlist);
    if (isCredible) this.#edgeAt = loadedAt - Math.min(Math.max(0, edgeAgeSeconds), averageSegmentSeconds(playlist));
    else if (last.sequence !== oldLast) this.#edgeAt = loadedAt;
    this.#delaySeconds = reloadDelaySeconds(changed, last.durationSeconds, playlist.targetDurationSeconds);
    if (cushionSeconds === null) return null;
    // The stream has moved on without us. What is in hand is played first, but for what has grown old in a sleep.
    const isLost = this.nextSequence === null || this.nextSequence < this.first || this.nextSequence > this.last + 1;
    const hasSlept = secondsSinceLoad > ASLEEP_SECONDS + REFRESH_SECONDS + 3 * playlist.targetDurationSeconds;
    if (isLost) return this.goLive(loadedAt, hasSlept ? 0 : Math.max(0, cushionSeconds));
    return this.isLive && this.#isFarBehind(cushionSeconds, loadedAt) ? this.goLive(loadedAt) : null;
  }

  /** The server's clock was set: what the playlist says of dates is to be looked at again. */
  doubtDates() {
    this.#isDoubtful = true;
  }

  /** When the playlist is to be loaded again, for who plays and who doesn't. */
  reloadAt(isPlaying) {
    if (this.#isDoubtful) return this.#loadedAt;
    return this.#loadedAt + (isPlaying && this.#isAtEdge && this.#refusedSequence !== this.nextSequence ? this.#refreshSeconds : this.#delaySeconds);
  }

  /** The segment to fetch now; null for none. */
  segmentToFetch(cushionSeconds) {
    if (this.nextSequence === null || cushionSeconds > MAX_AHEAD_SECONDS) return null;
    if (this.#isAtEdge) return this.#refusedSequence === this.nextSequence ? null : this.growing;
    return this.playlist.entries.find((entry) => entry.sequence >= this.nextSequence) ?? null;
  }

  /** Whether so many seconds in hand are enough for a start. */
  hasEnough(heldSeconds, now) {
    return heldSeconds >= this.#cushion.startSeconds(now) || this.playlist.ended && this.#pendingSeconds <= 0;
  }

  /**
   * Frames are about to be put in hand while others sound.
   * @param {number} cushionSeconds just before
   * @returns {Join?}
   */
  arriving(cushionSeconds, now) {
    this.#cushion.arrived(cushionSeconds, now);
    if (!this.isLive || this.#cushion.excessSeconds(now) <= this.#jumpSeconds) return null;
    // At this moment in hand is what is left when more comes.
    return this.goLive(now, 0, this.#cushion.targetSeconds(now));
  }

  /** Frames have come, up to so many seconds into the segment that is being fetched. */
  received(entry, offsetSeconds) {
    this.nextOffsetSeconds = offsetSeconds;
    if (entry.isGrowing) this.#expectGrowth();
  }

  /** The segment that was being fetched is complete. */
  completed(entry, durationSeconds) {
    this.nextSequence = entry.sequence + 1;
    this.nextOffsetSeconds = 0;
    if (!entry.isGrowing || entry.sequence !== this.last + 1) return;
    // Its date may have been corrected since its fetch began.
    const date = this.growing?.date ?? entry.date;
    this.#show(grown(this.playlist, { ...entry, date }, durationSeconds, this.ringSize ?? this.playlist.entries.length));
    this.#edgeAt += durationSeconds;
  }

  /** The server has no such segment although its playlist lists it, or it doesn't give it before it is complete. */
  missing(entry) {
    if (entry.isGrowing) {
      this.#refusedSequence = entry.sequence;
      this.#delaySeconds = this.playlist.targetDurationSeconds / 2;
      this.#expect(averageSegmentSeconds(this.playlist), this.playlist.targetDurationSeconds / 2 + POLLING_MARGIN_SECONDS);
      return;
    }
    if (this.#misses.sequence !== entry.sequence) this.#misses = { sequence: entry.sequence, count: 0 };
    if (++this.#misses.count >= MAX_MISSES) this.completed(entry, entry.durationSeconds);
  }

  /**
   * @param {number} [keptSeconds] seconds of what is buffered that are played first
   * @param {number} [inHandSeconds] what is to be in hand then, s
   * @returns {Join?} the place to be near the live end
   */
  goLive(now, keptSeconds = 0, inHandSeconds = this.#cushion.startSeconds(now)) {
    if (!this.playlist?.entries.length) return null;
    const distanceSeconds = this.#distanceSecondsWith(inHandSeconds, now) - this.edgeAgeSeconds(now);
    this.isLive = true;
    return { ...this.#place(distanceSeconds - keptSeconds), afterCushion: keptSeconds > 0 };
  }

  /** The listener wants to be so many seconds behind the live edge. @returns {Join?} */
  goTo(behindEdgeSeconds, now) {
    if (!this.playlist?.entries.length) return null;
    if (behindEdgeSeconds <= this.#restingDistanceSeconds(now) + AS_GOOD_AS_LIVE_SECONDS) return this.goLive(now);
    this.isLive = false;
    return { ...this.#place(behindEdgeSeconds - this.edgeAgeSeconds(now)), afterCushion: false };
  }

  /**
   * Playback goes on after a pause: where it stopped, and not live any more if that is too far back.
   * @returns {Join?}
   */
  resume(cushionSeconds, now) {
    if (this.nextSequence === null || this.nextSequence < this.first) return this.goLive(now);
    this.isLive = this.isLive && !this.#isFarBehind(cushionSeconds, now);
    return null;
  }

  /** Nothing but what is being recorded is left to fetch. */
  get #isAtEdge() {
    return this.nextSequence === this.last + 1;
  }

  /** Seconds that are listed and not in hand, less what is in hand and not listed. */
  get #pendingSeconds() {
    if (this.nextSequence === null) return 0;
    return totalSeconds(this.playlist.entries.filter((entry) => entry.sequence >= this.nextSequence)) - this.nextOffsetSeconds;
  }

  get #jumpSeconds() {
    const lumpSeconds = this.#partSeconds === null ? 0 : PARTS_LUMP_SECONDS;
    return Math.max(JUMP_SECONDS, 1.5 * Math.max(this.#cushion.intervalSeconds, lumpSeconds));
  }

  #isFarBehind(cushionSeconds, now) {
    return this.behindEdgeSeconds(cushionSeconds, now) - this.#restingDistanceSeconds(now) > this.#jumpSeconds;
  }

  /** How far behind the live edge playback belongs, s. */
  #restingDistanceSeconds(now) {
    return this.#distanceSecondsWith(this.#cushion.startSeconds(now), now);
  }

  /** How far behind the live edge playback is with so much in hand, s. */
  #distanceSecondsWith(inHandSeconds, now) {
    // At the edge the newest that is in hand is the newest there is.
    const lagSeconds = this.#isAtEdge && this.nextOffsetSeconds > 0 ? Math.max(0, this.#pendingSeconds + this.edgeAgeSeconds(now)) : LAG_SECONDS;
    return inHandSeconds + lagSeconds;
  }

  /** The place so many seconds from the end of what is listed, or else its start. */
  #place(distanceSeconds) {
    const { entries, ended } = this.playlist;
    const isGiven = !ended && this.#refusedSequence !== this.last + 1;
    if (distanceSeconds < 0 && isGiven) return { sequence: this.last + 1, offsetSeconds: -distanceSeconds };
    let restSeconds = Math.max(0, distanceSeconds);
    for (let i = entries.length - 1; i >= 0; i--) {
      if (restSeconds <= entries[i].durationSeconds) return { sequence: entries[i].sequence, offsetSeconds: entries[i].durationSeconds - restSeconds };
      restSeconds -= entries[i].durationSeconds;
    }
    return { sequence: entries[0].sequence, offsetSeconds: 0 };
  }

  #show(playlist) {
    this.playlist = playlist;
    this.#cushion.limitSeconds = totalSeconds(playlist.entries) - averageSegmentSeconds(playlist);
  }

  #expectGrowth() {
    if (this.#partSeconds === null) return this.#expect(this.#chunkSeconds, 0);
    // With half of that in hand a start among many stalls.
    const intervalSeconds = Math.max(this.#partSeconds, PARTS_DELAY_SECONDS);
    this.#expect(intervalSeconds, PARTS_DELAY_SECONDS, intervalSeconds);
  }

  /** What comes first has been waiting for whoever asks, nobody knows how long: half an interval on an average. */
  #expect(intervalSeconds, minimumSeconds, firstIntervalSeconds = intervalSeconds / 2) {
    Object.assign(this.#cushion, { intervalSeconds, minimumSeconds, firstIntervalSeconds });
  }

  /** A playlist may come from a cache that is behind; a media sequence that stays back is a new stream's. */
  #isStale(last, oldLast) {
    this.#backwards = oldLast !== null && last < oldLast ? this.#backwards + 1 : 0;
    return this.#backwards > 0 && this.#backwards < STALE_LOADS;
  }
}
