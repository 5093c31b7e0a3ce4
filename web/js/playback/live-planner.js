// The live planner: which segment to fetch, from which place to play, when to load the playlist.

import {
  averageSegmentSeconds, discontinuityCount, recordingEntry, totalSeconds, withCompleted,
} from '../hls/playlist.js';
import { reloadDelaySeconds } from '../net/retry.js';

/** The age of the newest frame that the server has, before the player has measured it. */
const LAG_SECONDS = 0.1;
/** The time between two deliveries of a recording segment, where the server doesn't tell. */
const CHUNK_SECONDS = 0.12;
/**
 * nginx lets only the first request for a part through. The other requests wait, and nginx checks at this interval
 * whether the part has come. So a part is late by up to this time.
 */
const PARTS_DELAY_SECONDS = 0.5;
/** After a late part, the parts of this time may arrive together. */
const PARTS_LUMP_SECONDS = 2 * PARTS_DELAY_SECONDS;
/** Polling for a playlist needs this much cushion, besides half a target duration. */
const POLLING_MARGIN_SECONDS = 0.35;
/** A playhead that is too far back by more than this jumps. A smaller distance is won back by playing faster. */
const JUMP_SECONDS = 0.5;
/** A listener of the recording segment needs no playlist. The player still loads the playlist at least this often. */
const REFRESH_SECONDS = 30;
/** The player downloads at most this far ahead, so that its memory stays small however far back the listener is. */
const MAX_AHEAD_SECONDS = 60;
/** The player skips a listed segment that the server refuses this number of times. */
const MAX_MISSES = 2;
/** A seek this close to live means live. */
const AS_GOOD_AS_LIVE_SECONDS = 0.5;
/** A playlist's date is wrong where it is off by this number of target durations: the server's clock was set. */
const INCREDIBLE_TARGETS = 3;
/** A load that comes later than due by more than this follows a sleep of the machine. */
const ASLEEP_SECONDS = 5;
/** A playlist that goes back may be a stale copy in a cache. At this number of loads it is a new stream. */
const STALE_LOADS = 3;

/**
 * Decides without a clock, a network or a media element. The caller tells each event with its time, in seconds of a
 * monotonic clock, and receives an instruction.
 *
 * Example: at 100 s a playlist of the segments 1 to 10 comes, one second after segment 10 ended. `loaded` answers with
 * a join at about 0.7 s into segment 11, which is being recorded. `segmentToFetch` then names segment 11, and after it
 * segment 12.
 *
 * @typedef {object} Join an instruction to play from another place
 * @property {number} sequence media sequence number of the segment to start in
 * @property {number} offsetSeconds the place in that segment
 * @property {boolean} afterCushion whether the engine first plays its cushion
 */
export class LivePlanner {
  #playlist = null;
  #nextSequence = null;
  #nextOffsetSeconds = 0;
  #discontinuities = 0;
  #ringSize = null;
  #cushion;
  #chunkSeconds = CHUNK_SECONDS;
  #partSeconds = null;
  #isLive = true;
  /** The recording segment that the server refuses before it is complete. The player polls for it. */
  #refusedSequence = null;
  /** When the last listed segment ended. */
  #edgeAt = 0;
  #loadedAt = -Infinity;
  #delaySeconds = 0;
  #refreshSeconds = Infinity;
  #doubtsDates = false;
  #discontinuityCount = 0;
  #misses = { sequence: null, count: 0 };
  #backwards = 0;

  /** @param {import('./cushion.js').Cushion} cushion */
  constructor(cushion) {
    this.#cushion = cushion;
    this.#expectArrivals();
  }

  /**
   * The latest playlist, with the segments that the player has received as they were recorded.
   * @returns {import('../hls/playlist.js').Playlist?}
   */
  get playlist() {
    return this.#playlist;
  }

  /** Media sequence number of the segment to fetch next; null before the first playlist. */
  get nextSequence() {
    return this.#nextSequence;
  }

  /** Seconds at the beginning of that segment that are downloaded already or are not wanted. */
  get nextOffsetSeconds() {
    return this.#nextOffsetSeconds;
  }

  /** The number of EXT-X-DISCONTINUITY tags that came since the start. */
  get discontinuities() {
    return this.#discontinuities;
  }

  /** Whether playback keeps to the live edge. Otherwise the listener has chosen a place. */
  get isLive() {
    return this.#isLive;
  }

  #setLive(isLive) {
    this.#isLive = isLive;
    this.#cushion.restart(!isLive);
  }

  /** @param {number?} ringSize how many segments the server lists; null where that is unknown */
  setRingSize(ringSize) {
    this.#ringSize = ringSize;
  }

  /**
   * The way in which the recording segment arrives.
   * @param {number?} partSeconds the length of a part; null where the segment arrives as it is recorded
   * @param {number} [chunkSeconds] the time between two deliveries of a segment that arrives as it is recorded
   */
  setArrivals(partSeconds, chunkSeconds = CHUNK_SECONDS) {
    if (partSeconds === this.#partSeconds && chunkSeconds === this.#chunkSeconds) return;
    this.#partSeconds = partSeconds;
    this.#chunkSeconds = chunkSeconds;
    this.#expectArrivals();
  }

  /** The caller fetches from this place from now on. @param {{sequence: number, offsetSeconds: number}} place */
  fetchFrom({ sequence, offsetSeconds }) {
    this.#nextSequence = sequence;
    this.#nextOffsetSeconds = offsetSeconds;
  }

  /** Media sequence number of the oldest listed segment; null where there is none. */
  get first() {
    return this.#playlist?.entries[0]?.sequence ?? null;
  }

  /** Media sequence number of the newest listed segment; null where there is none. */
  get last() {
    return this.#playlist?.entries.at(-1)?.sequence ?? null;
  }

  /** The recording segment; null where none is known. @returns {import('../hls/playlist.js').Entry?} */
  get recording() {
    return this.#playlist && recordingEntry(this.#playlist);
  }

  /** Seconds from the playhead to the end of the last listed segment; negative in the recording segment. */
  distanceSeconds(cushionSeconds) {
    return cushionSeconds + this.#pendingSeconds;
  }

  /** Seconds from the playhead to the live edge. The edge moves steadily, so this value makes no steps. */
  behindEdgeSeconds(cushionSeconds, now) {
    return this.distanceSeconds(cushionSeconds) + this.edgeAgeSeconds(now);
  }

  /** How far behind the live edge the listener can go. */
  windowSeconds(now) {
    return this.#playlist ? totalSeconds(this.#playlist.entries) + this.edgeAgeSeconds(now) : 0;
  }

  /** Seconds since the last listed segment ended. */
  edgeAgeSeconds(now) {
    if (!this.#playlist || this.#playlist.ended) return 0;
    return Math.min(Math.max(0, now - this.#edgeAt), averageSegmentSeconds(this.#playlist));
  }

  /**
   * A playlist has come.
   * @param {import('../hls/playlist.js').Playlist} playlist
   * @param {number} loadedAt when the load began
   * @param {number?} edgeAgeSeconds the server's time at `loadedAt`, less the end of the last segment; null: unknown
   * @param {number?} cushionSeconds at this moment; null where nothing is to be played
   * @returns {Join?} null where playback stays where it is
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
    const hasChanged = !this.#playlist || last.sequence !== oldLast || playlist.entries[0].sequence !== oldFirst;
    this.#countDiscontinuities(playlist);
    this.#show(playlist);
    this.#placeEdge(edgeAgeSeconds, secondsSinceLoad, last.sequence !== oldLast);
    this.#delaySeconds = reloadDelaySeconds(hasChanged, last.durationSeconds, playlist.targetDurationSeconds);
    if (cushionSeconds === null) return null;
    // The stream has moved on without this listener. The cushion is played first, unless it is old because of a sleep.
    const isLost = this.#nextSequence === null || this.#nextSequence < this.first || this.#nextSequence > this.last + 1;
    const hasSlept = secondsSinceLoad > ASLEEP_SECONDS + REFRESH_SECONDS + 3 * playlist.targetDurationSeconds;
    if (isLost) return this.goLive(loadedAt, hasSlept ? 0 : Math.max(0, cushionSeconds));
    return this.isLive && this.#isFarBehind(cushionSeconds, loadedAt) ? this.goLive(loadedAt) : null;
  }

  #countDiscontinuities(playlist) {
    const count = discontinuityCount(playlist);
    if (this.#playlist) this.#discontinuities += Math.max(0, count - this.#discontinuityCount);
    this.#discontinuityCount = count;
  }

  /** Decides when the last listed segment ended, and how soon the dates are checked again. */
  #placeEdge(edgeAgeSeconds, secondsSinceLoad, hasNewSegment) {
    const segmentSeconds = averageSegmentSeconds(this.#playlist);
    const isCredible = edgeAgeSeconds !== null
      && Math.abs(edgeAgeSeconds) < INCREDIBLE_TARGETS * this.#playlist.targetDurationSeconds;
    if (isCredible) this.#edgeAt = this.#loadedAt - Math.min(Math.max(0, edgeAgeSeconds), segmentSeconds);
    else if (hasNewSegment) this.#edgeAt = this.#loadedAt;
    // After a surprise the date of the recording segment is unsure until that segment is listed.
    const isSurprise =
      secondsSinceLoad < this.#refreshSeconds || this.#doubtsDates || edgeAgeSeconds !== null && !isCredible;
    this.#refreshSeconds = isSurprise ? 1.5 * segmentSeconds : Math.min(REFRESH_SECONDS, 2 * this.#refreshSeconds);
    this.#doubtsDates = false;
  }

  /** The server's clock was set: the playlist is loaded at once, because its dates may have changed. */
  doubtDates() {
    this.#doubtsDates = true;
  }

  /**
   * When to load the playlist again.
   * @param {boolean} isPlaying whether the player fetches segments
   */
  reloadAt(isPlaying) {
    if (this.#doubtsDates) return this.#loadedAt;
    const fetchesRecording = isPlaying && this.#isAtEdge && this.#refusedSequence !== this.#nextSequence;
    return this.#loadedAt + (fetchesRecording ? this.#refreshSeconds : this.#delaySeconds);
  }

  /** The segment to fetch now; null for none. @returns {import('../hls/playlist.js').Entry?} */
  segmentToFetch(aheadSeconds) {
    if (this.#nextSequence === null || aheadSeconds > MAX_AHEAD_SECONDS) return null;
    if (this.#isAtEdge) return this.#refusedSequence === this.#nextSequence ? null : this.recording;
    return this.#playlist.entries.find((entry) => entry.sequence >= this.#nextSequence) ?? null;
  }

  /** Whether this much sound is enough for a start. */
  hasEnough(aheadSeconds, now) {
    return aheadSeconds >= this.#cushion.startSeconds(now) || this.#playlist.ended && this.#pendingSeconds <= 0;
  }

  /**
   * A delivery comes while the engine plays.
   * @param {number} cushionSeconds just before it
   * @returns {Join?}
   */
  arriving(cushionSeconds, now) {
    this.#cushion.arrived(cushionSeconds, now);
    if (!this.isLive || this.#cushion.excessSeconds(now) <= this.#jumpSeconds) return null;
    // This is the moment of a low-water mark, so the target is the right cushion.
    return this.goLive(now, 0, this.#cushion.targetSeconds(now));
  }

  /** Frames have come. The segment is now downloaded up to `offsetSeconds`. */
  received(entry, offsetSeconds) {
    this.#nextOffsetSeconds = offsetSeconds;
    if (entry.isRecording) this.#expectArrivals();
  }

  /** The download of a segment is complete. */
  completed(entry, durationSeconds) {
    this.fetchFrom({ sequence: entry.sequence + 1, offsetSeconds: 0 });
    if (!entry.isRecording || entry.sequence !== this.last + 1) return;
    // A playlist may have corrected the date since the download began.
    const date = this.recording?.date ?? entry.date;
    const ringSize = this.#ringSize ?? this.#playlist.entries.length;
    this.#show(withCompleted(this.#playlist, { ...entry, date }, durationSeconds, ringSize));
    this.#edgeAt += durationSeconds;
  }

  /** The server has no such segment although its playlist lists it, or it refuses a recording segment. */
  missing(entry) {
    if (entry.isRecording) {
      const { targetDurationSeconds } = this.#playlist;
      this.#refusedSequence = entry.sequence;
      this.#delaySeconds = targetDurationSeconds / 2;
      this.#expect(averageSegmentSeconds(this.#playlist), targetDurationSeconds / 2 + POLLING_MARGIN_SECONDS);
      return;
    }
    if (this.#misses.sequence !== entry.sequence) this.#misses = { sequence: entry.sequence, count: 0 };
    if (++this.#misses.count >= MAX_MISSES) this.completed(entry, entry.durationSeconds);
  }

  /**
   * The listener wants to be live.
   * @param {number} [keptSeconds] the part of the cushion that is played first
   * @param {number} [startSeconds] the cushion that is wanted after the join
   * @returns {Join?}
   */
  goLive(now, keptSeconds = 0, startSeconds = this.#cushion.startSeconds(now)) {
    if (!this.#playlist?.entries.length) return null;
    const distanceSeconds = this.#distanceWith(startSeconds, now) - this.edgeAgeSeconds(now);
    this.#setLive(true);
    return { ...this.#place(distanceSeconds - keptSeconds), afterCushion: keptSeconds > 0 };
  }

  /** The listener wants to be at this distance from the live edge. @returns {Join?} */
  goTo(behindEdgeSeconds, now) {
    if (!this.#playlist?.entries.length) return null;
    if (behindEdgeSeconds <= this.#restingDistance(now) + AS_GOOD_AS_LIVE_SECONDS) return this.goLive(now);
    this.#setLive(false);
    return { ...this.#place(behindEdgeSeconds - this.edgeAgeSeconds(now)), afterCushion: false };
  }

  /**
   * Playback resumes after a pause, at the place where it stopped. It is no longer live where that place is too far
   * back.
   * @returns {Join?}
   */
  resume(cushionSeconds, now) {
    if (this.#nextSequence === null || this.#nextSequence < this.first) return this.goLive(now);
    this.#setLive(this.isLive && !this.#isFarBehind(cushionSeconds, now));
    return null;
  }

  /** Whether only the recording segment is left to fetch. */
  get #isAtEdge() {
    return this.#nextSequence === this.last + 1;
  }

  /** Seconds that are listed and not downloaded; negative where the recording segment is downloaded in part. */
  get #pendingSeconds() {
    if (this.#nextSequence === null) return 0;
    const pending = this.#playlist.entries.filter((entry) => entry.sequence >= this.#nextSequence);
    return totalSeconds(pending) - this.#nextOffsetSeconds;
  }

  /** Playback jumps where it is too late by more than this. */
  get #jumpSeconds() {
    const lumpSeconds = this.#partSeconds === null ? 0 : PARTS_LUMP_SECONDS;
    return Math.max(JUMP_SECONDS, 1.5 * Math.max(this.#cushion.intervalSeconds, lumpSeconds));
  }

  #isFarBehind(cushionSeconds, now) {
    return this.behindEdgeSeconds(cushionSeconds, now) - this.#restingDistance(now) > this.#jumpSeconds;
  }

  /** Seconds from the playhead to the live edge where playback is as live as it should be. */
  #restingDistance(now) {
    return this.#distanceWith(this.#cushion.startSeconds(now), now);
  }

  /** Seconds from the playhead to the live edge with this cushion. */
  #distanceWith(cushionSeconds, now) {
    // At the edge the newest downloaded frame is the newest that the server has.
    const isMeasured = this.#isAtEdge && this.#nextOffsetSeconds > 0;
    return cushionSeconds + (isMeasured ? Math.max(0, this.#pendingSeconds + this.edgeAgeSeconds(now)) : LAG_SECONDS);
  }

  /**
   * The place at this distance from the end of the last listed segment. Before the oldest segment it is its beginning.
   */
  #place(distanceSeconds) {
    const { entries, ended } = this.#playlist;
    const mayRecord = !ended && this.#refusedSequence !== this.last + 1;
    if (distanceSeconds < 0 && mayRecord) return { sequence: this.last + 1, offsetSeconds: -distanceSeconds };
    let restSeconds = Math.max(0, distanceSeconds);
    for (const { sequence, durationSeconds } of [...entries].reverse()) {
      if (restSeconds <= durationSeconds) return { sequence, offsetSeconds: durationSeconds - restSeconds };
      restSeconds -= durationSeconds;
    }
    return { sequence: entries[0].sequence, offsetSeconds: 0 };
  }

  #show(playlist) {
    this.#playlist = playlist;
    this.#cushion.limitTo(totalSeconds(playlist.entries) - averageSegmentSeconds(playlist));
  }

  #expectArrivals() {
    if (this.#partSeconds === null) return this.#expect(this.#chunkSeconds, 0);
    // The first interval is a whole one: with half of it, many starts stall.
    const intervalSeconds = Math.max(this.#partSeconds, PARTS_DELAY_SECONDS);
    this.#expect(intervalSeconds, PARTS_DELAY_SECONDS, intervalSeconds);
  }

  /** The first delivery has waited at the server for an unknown time: on average for half an interval. */
  #expect(intervalSeconds, minimumSeconds, firstIntervalSeconds = intervalSeconds / 2) {
    this.#cushion.expectArrivals({ intervalSeconds, minimumSeconds, firstIntervalSeconds });
  }

  /** A cache may send an old playlist. Where the media sequence stays back, a new stream has begun. */
  #isStale(last, oldLast) {
    this.#backwards = oldLast !== null && last < oldLast ? this.#backwards + 1 : 0;
    return this.#backwards > 0 && this.#backwards < STALE_LOADS;
  }
}
