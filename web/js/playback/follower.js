// What to play: the segment that is being recorded, as it grows, or what is at the distance the listener has chosen.

import { discontinuityCount, growingEntry, grown, segmentDuration, totalDuration } from '../hls/playlist.js';
import { reloadDelay } from '../net/reload.js';

/** How old the newest frame is that can be had, before that is measured, s. */
const LAG = 0.1;
/** Between two arrivals of a growing segment, s, where the server doesn't say. */
const CHUNK = 0.12;
/**
 * nginx has whoever waits for a part look again so often, s: it is late by up to this, and then what has come in twice the
 * time comes at once. Not for who asks first.
 */
const PARTS_DELAY = 0.5;
const PARTS_LUMP = 2 * PARTS_DELAY;
/** What a playlist that has to be waited for asks for on top of half a target duration, s. */
const POLLING_MARGIN = 0.35;
/** More than this too far behind, playback jumps, s; less is won back by playing a little faster. */
const JUMP = 0.5;
/** Who listens to what grows needs the playlist no more; but what it says is looked at so often at least, s. */
const REFRESH = 30;
/** No more than this is buffered ahead, s: memory stays flat however far back the listener listens. */
const MAX_AHEAD = 60;
/** A segment that is listed but not to be had is passed over after so many tries. */
const MISSES = 2;
/** Who wants to be no more than this further back wants to be live, s. */
const AS_GOOD_AS_LIVE = 0.5;
/** Where a playlist is so many target durations old, or too new, the clock was set, and its dates follow later. */
const INCREDIBLE = 3;
/** Nothing has been loaded for so much longer than it should: nothing has been played either, s. */
const ASLEEP = 5;
/** A playlist that has gone back this often is no stale copy of a cache: the stream has begun anew. */
const STALE_LOADS = 3;

/**
 * Decides without clock, network or media element: it is told what happens, with the time in seconds of a monotonic
 * clock, and answers with what to do.
 *
 * @typedef {object} Join play from here, whatever was played before
 * @property {number} sequence media sequence number of the segment to start in
 * @property {number} offset seconds into it
 * @property {boolean} afterCushion whether what is buffered is played first
 */
export class Follower {
  /** @type {import('../hls/playlist.js').Playlist?} */
  playlist = null;
  /** Media sequence number of the segment to fetch next; null before the first playlist. */
  next = null;
  /** Seconds of it that are in hand, or are not wanted. */
  offset = 0;
  /** EXT-X-DISCONTINUITY tags met since the start. */
  discontinuities = 0;
  /** How many segments the server lists, where that is known. @type {number?} */
  ringSize = null;

  #latency;
  #chunkLength = CHUNK;
  #partLength = null;
  #live = true;
  /** The growing segment that the server would not give before it was complete: it is polled for. */
  #denied = null;
  /** When what is listed ended, as far as is known. */
  #edgeAt = 0;
  #loadedAt = -Infinity;
  #delay = 0;
  #refresh = Infinity;
  #isDoubtful = false;
  #discontinuityCount = 0;
  #misses = { sequence: null, count: 0 };
  #backwards = 0;

  /** @param {import('./latency.js').Latency} latency */
  constructor(latency) {
    this.#latency = latency;
    this.#expectGrowth();
  }

  /** Whether playback keeps to the live end, rather than where the listener wants it. */
  get live() {
    return this.#live;
  }

  set live(live) {
    this.#live = live;
    this.#latency.restart(!live);
  }

  /**
   * How what is being recorded comes in.
   * @param {number?} partLength in parts of so many seconds; null: as it grows
   * @param {number} [chunkLength] seconds between two arrivals of what grows
   */
  growsBy(partLength, chunkLength = CHUNK) {
    if (partLength === this.#partLength && chunkLength === this.#chunkLength) return;
    this.#partLength = partLength;
    this.#chunkLength = chunkLength;
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
  distance(cushion) {
    return cushion + this.#pending;
  }

  /** The same to the live edge, which moves on all the time: free of the sawtooth. */
  behindEdge(cushion, now) {
    return this.distance(cushion) + this.edgeAge(now);
  }

  /** How far back the listener can go, s, in terms of `behindEdge`. */
  window(now) {
    return this.playlist ? totalDuration(this.playlist.entries) + this.edgeAge(now) : 0;
  }

  /** How long ago the last segment ended, s, as far as is known. */
  edgeAge(now) {
    if (!this.playlist || this.playlist.ended) return 0;
    return Math.min(Math.max(0, now - this.#edgeAt), segmentDuration(this.playlist));
  }

  /**
   * A playlist has been loaded.
   * @param {number} loadedAt when the load began
   * @param {number?} edgeAge the server's time then, less the end of the last segment; null where it is not known
   * @param {number?} cushion at this moment; null when nothing is to be played now
   * @returns {Join?}
   */
  loaded(playlist, loadedAt, edgeAge, cushion) {
    const { first: oldFirst, last: oldLast } = this;
    const sinceLoad = loadedAt - this.#loadedAt;
    this.#loadedAt = loadedAt;
    const last = playlist.entries.at(-1);
    if (!last || this.#isStale(last.sequence, oldLast)) {
      this.#delay = playlist.targetDuration / 2;
      return null;
    }
    const changed = !this.playlist || last.sequence !== oldLast || playlist.entries[0].sequence !== oldFirst;
    if (this.playlist) this.discontinuities += Math.max(0, discontinuityCount(playlist) - this.#discontinuityCount);
    this.#discontinuityCount = discontinuityCount(playlist);
    const isCredible = edgeAge !== null && Math.abs(edgeAge) < INCREDIBLE * playlist.targetDuration;
    // After a surprise the dates of what grows are not sure before it is listed.
    const isSurprise = sinceLoad < this.#refresh || this.#isDoubtful || edgeAge !== null && !isCredible;
    this.#refresh = isSurprise ? 1.5 * segmentDuration(playlist) : Math.min(REFRESH, 2 * this.#refresh);
    this.#isDoubtful = false;
    this.#show(playlist);
    if (isCredible) this.#edgeAt = loadedAt - Math.min(Math.max(0, edgeAge), segmentDuration(playlist));
    else if (last.sequence !== oldLast) this.#edgeAt = loadedAt;
    this.#delay = reloadDelay(changed, last.duration, playlist.targetDuration);
    if (cushion === null) return null;
    // The stream has moved on without us. What is in hand is played first, but for what has grown old in a sleep.
    const isLost = this.next === null || this.next < this.first || this.next > this.last + 1;
    const hasSlept = sinceLoad > ASLEEP + REFRESH + 3 * playlist.targetDuration;
    if (isLost) return this.goLive(loadedAt, hasSlept ? 0 : Math.max(0, cushion));
    return this.live && this.#isFarBehind(cushion, loadedAt) ? this.goLive(loadedAt) : null;
  }

  /** The server's clock was set: what the playlist says of dates is to be looked at again. */
  doubtDates() {
    this.#isDoubtful = true;
  }

  /** When the playlist is to be loaded again, for who plays and who doesn't. */
  reloadAt(isPlaying) {
    if (this.#isDoubtful) return this.#loadedAt;
    return this.#loadedAt + (isPlaying && this.#isAtEdge && this.#denied !== this.next ? this.#refresh : this.#delay);
  }

  /** The segment to fetch now; null for none. */
  wanted(cushion) {
    if (this.next === null || cushion > MAX_AHEAD) return null;
    if (this.#isAtEdge) return this.#denied === this.next ? null : this.growing;
    return this.playlist.entries.find((entry) => entry.sequence >= this.next) ?? null;
  }

  /** Whether so many seconds in hand are enough for a start. */
  hasEnough(held, now) {
    return held >= this.#latency.start(now) || this.playlist.ended && this.#pending <= 0;
  }

  /**
   * Frames are about to be put in hand while others sound.
   * @param {number} cushion just before
   * @returns {Join?}
   */
  arriving(cushion, now) {
    this.#latency.arrived(cushion, now);
    if (!this.live || this.#latency.excess(now) <= this.#jump) return null;
    // At this moment in hand is what is left when more comes.
    return this.goLive(now, 0, this.#latency.target(now));
  }

  /** Frames have come, up to so many seconds into the segment that is being fetched. */
  received(entry, offset) {
    this.offset = offset;
    if (entry.isGrowing) this.#expectGrowth();
  }

  /** The segment that was being fetched is complete. */
  completed(entry, duration) {
    this.next = entry.sequence + 1;
    this.offset = 0;
    if (!entry.isGrowing || entry.sequence !== this.last + 1) return;
    // Its date may have been corrected since its fetch began.
    const date = this.growing?.date ?? entry.date;
    this.#show(grown(this.playlist, { ...entry, date }, duration, this.ringSize ?? this.playlist.entries.length));
    this.#edgeAt += duration;
  }

  /** The server has no such segment although its playlist lists it, or it doesn't give it before it is complete. */
  missing(entry) {
    if (entry.isGrowing) {
      this.#denied = entry.sequence;
      this.#delay = this.playlist.targetDuration / 2;
      this.#expect(segmentDuration(this.playlist), this.playlist.targetDuration / 2 + POLLING_MARGIN);
      return;
    }
    if (this.#misses.sequence !== entry.sequence) this.#misses = { sequence: entry.sequence, count: 0 };
    if (++this.#misses.count >= MISSES) this.completed(entry, entry.duration);
  }

  /**
   * @param {number} [kept] seconds of what is buffered that are played first
   * @param {number} [inHand] what is to be in hand then, s
   * @returns {Join?} the place to be near the live end
   */
  goLive(now, kept = 0, inHand = this.#latency.start(now)) {
    if (!this.playlist?.entries.length) return null;
    const distance = this.#distanceWith(inHand, now) - this.edgeAge(now);
    this.live = true;
    return { ...this.#place(distance - kept), afterCushion: kept > 0 };
  }

  /** The listener wants to be so many seconds behind the live edge. @returns {Join?} */
  goTo(behindEdge, now) {
    if (!this.playlist?.entries.length) return null;
    if (behindEdge <= this.#restingDistance(now) + AS_GOOD_AS_LIVE) return this.goLive(now);
    this.live = false;
    return { ...this.#place(behindEdge - this.edgeAge(now)), afterCushion: false };
  }

  /**
   * Playback goes on after a pause: where it stopped, and not live any more if that is too far back.
   * @returns {Join?}
   */
  resume(cushion, now) {
    if (this.next === null || this.next < this.first) return this.goLive(now);
    this.live = this.live && !this.#isFarBehind(cushion, now);
    return null;
  }

  /** Nothing but what is being recorded is left to fetch. */
  get #isAtEdge() {
    return this.next === this.last + 1;
  }

  /** Seconds that are listed and not in hand, less what is in hand and not listed. */
  get #pending() {
    if (this.next === null) return 0;
    return totalDuration(this.playlist.entries.filter((entry) => entry.sequence >= this.next)) - this.offset;
  }

  get #jump() {
    const lump = this.#partLength === null ? 0 : PARTS_LUMP;
    return Math.max(JUMP, 1.5 * Math.max(this.#latency.interval, lump));
  }

  #isFarBehind(cushion, now) {
    return this.behindEdge(cushion, now) - this.#restingDistance(now) > this.#jump;
  }

  /** How far behind the live edge playback belongs, s. */
  #restingDistance(now) {
    return this.#distanceWith(this.#latency.start(now), now);
  }

  /** How far behind the live edge playback is with so much in hand, s. */
  #distanceWith(inHand, now) {
    // At the edge the newest that is in hand is the newest there is.
    const lag = this.#isAtEdge && this.offset > 0 ? Math.max(0, this.#pending + this.edgeAge(now)) : LAG;
    return inHand + lag;
  }

  /** The place so many seconds from the end of what is listed, or else its start. */
  #place(distance) {
    const { entries, ended } = this.playlist;
    const isGiven = !ended && this.#denied !== this.last + 1;
    if (distance < 0 && isGiven) return { sequence: this.last + 1, offset: -distance };
    let rest = Math.max(0, distance);
    for (let i = entries.length - 1; i >= 0; i--) {
      if (rest <= entries[i].duration) return { sequence: entries[i].sequence, offset: entries[i].duration - rest };
      rest -= entries[i].duration;
    }
    return { sequence: entries[0].sequence, offset: 0 };
  }

  #show(playlist) {
    this.playlist = playlist;
    this.#latency.limit = totalDuration(playlist.entries) - segmentDuration(playlist);
  }

  #expectGrowth() {
    if (this.#partLength === null) return this.#expect(this.#chunkLength, 0);
    // With half of that in hand a start among many stalls.
    const interval = Math.max(this.#partLength, PARTS_DELAY);
    this.#expect(interval, PARTS_DELAY, interval);
  }

  /** What comes first has been waiting for whoever asks, nobody knows how long: half an interval on an average. */
  #expect(interval, least, firstInterval = interval / 2) {
    Object.assign(this.#latency, { interval, least, firstInterval });
  }

  /** A playlist may come from a cache that is behind; a media sequence that stays back is a new stream's. */
  #isStale(last, oldLast) {
    this.#backwards = oldLast !== null && last < oldLast ? this.#backwards + 1 : 0;
    return this.#backwards > 0 && this.#backwards < STALE_LOADS;
  }
}
