// What to play: follows the playlist near its live end, or at the distance the listener has chosen.

import { totalDuration } from './playlist.js';
import { ReloadTimer } from './reload.js';
import { Caution, LowWater, jumpThreshold, restingCushion, restingDistance, startDistance, steer } from './flow.js';

/** Less than this left to play is nothing, s. */
const DRY = 0.1;
/** No more than this is buffered ahead, s: memory stays flat however far back the listener listens. */
const MAX_AHEAD = 60;
/** A segment that is listed but not to be had is passed over after so many tries. */
const MISSES = 2;
/** Who wants to be no more than this further back wants to be live, s. */
const AS_GOOD_AS_LIVE = 0.5;
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
  /** @type {import('./playlist.js').Playlist?} */
  playlist = null;
  /** Media sequence number of the segment to fetch next; null before the first playlist. */
  next = null;
  /** Whether playback keeps to the live end, rather than where the listener wants it. */
  live = true;
  rate = 1;
  /** EXT-X-DISCONTINUITY tags met since the start. */
  discontinuities = 0;

  #deadband;
  #reload = new ReloadTimer();
  #low = new LowWater();
  #caution = new Caution();
  /** The low-water mark that a listener who is behind by choice is kept at. */
  #chosen = null;
  /** When the last segment appeared, as far as is known. */
  #edgeAt = 0;
  #reloadAt = 0;
  #loadedAt = -Infinity;
  #misses = { sequence: null, count: 0 };
  #backwards = 0;
  /** Nothing has come since the sound stopped. */
  #isStalled = false;

  /** @param {number} deadband see `steer` */
  constructor(deadband) {
    this.#deadband = deadband;
  }

  get first() {
    return this.playlist?.entries[0]?.sequence ?? null;
  }

  get last() {
    return this.playlist?.entries.at(-1)?.sequence ?? null;
  }

  get segmentDuration() {
    const { entries, targetDuration } = this.playlist;
    return entries.length ? totalDuration(entries) / entries.length : targetDuration;
  }

  /** Seconds from the playhead to the end of the playlist. */
  distance(cushion) {
    return cushion + totalDuration(this.#unfetched());
  }

  /** The same to the live edge, which moves on between two reloads too: free of the sawtooth. */
  behindEdge(cushion, now) {
    return this.distance(cushion) + this.edgeAge(now);
  }

  /** How far back the listener can go, s, in terms of `behindEdge`. */
  window(now) {
    return this.playlist ? totalDuration(this.playlist.entries) + this.edgeAge(now) : 0;
  }

  /**
   * A playlist has been loaded.
   * @param {number} loadedAt when the load began
   * @param {number?} edgeAge the server's time then, less the end of the last segment; null where it is not known
   * @param {number} cushion at this moment; null when nothing is to be played now
   * @returns {Join?}
   */
  loaded(playlist, loadedAt, edgeAge, cushion) {
    const { first: oldFirst, last: oldLast } = this;
    const sinceLoad = loadedAt - this.#loadedAt;
    this.#loadedAt = loadedAt;
    const last = playlist.entries.at(-1);
    if (!last || this.#isStale(last.sequence, oldLast)) {
      this.#reloadAt = loadedAt + playlist.targetDuration / 2;
      return null;
    }
    const changed = !this.playlist || last.sequence !== oldLast || playlist.entries[0].sequence !== oldFirst;
    const fresh = oldLast === null ? [] : playlist.entries.filter((entry) => entry.sequence > oldLast);
    this.discontinuities += fresh.filter((entry) => entry.discontinuity).length;
    this.playlist = playlist;
    if (changed) this.#edgeAt = loadedAt - Math.min(Math.max(0, edgeAge ?? 0), this.segmentDuration);

    const isLost = this.next === null || this.next < this.first || this.next > this.last + 1;
    this.#reloadAt = loadedAt + this.#reload.delay({
      changed, edgeAge, segmentDuration: this.segmentDuration, lastDuration: last.duration,
      targetDuration: playlist.targetDuration,
      // Who has to start anyhow starts far enough from the end.
      distance: cushion === null || isLost ? Infinity : this.distance(cushion),
    });
    if (cushion === null) return null;
    // The stream has moved on without us. What is in hand is played first, but for what has grown old in a sleep.
    const hasSlept = sinceLoad > ASLEEP + 3 * playlist.targetDuration;
    if (isLost) return this.goLive(loadedAt, hasSlept ? 0 : Math.max(0, cushion));
    const isFarBehind = this.#excess(cushion, loadedAt) > jumpThreshold(this.segmentDuration);
    if (this.live && isFarBehind) return this.goLive(loadedAt);
    if (changed) this.#steer(this.distance(cushion) - totalDuration(fresh), loadedAt);
    return null;
  }

  /** Seconds at which the playlist is to be loaded again. */
  get reloadAt() {
    return this.#reloadAt;
  }

  /** The segment to fetch now; null for none. */
  wanted(cushion, now) {
    if (this.next === null || cushion > MAX_AHEAD) return null;
    // The sound has stopped, or not begun: with less than it takes to go on for good, it would only stop again. An
    // element that has stopped may have a scrap left that it doesn't play alone.
    const isSilent = cushion < DRY || this.#isStalled;
    if (isSilent && !this.playlist.ended && this.distance(0) < this.#enoughToStart(now)) return null;
    return this.#unfetched()[0] ?? null;
  }

  fetched(entry) {
    this.next = entry.sequence + 1;
    this.#isStalled = false;
  }

  /** The server has no such segment although its playlist lists it. */
  missing(entry) {
    if (this.#misses.sequence !== entry.sequence) this.#misses = { sequence: entry.sequence, count: 0 };
    if (++this.#misses.count >= MISSES) this.next = entry.sequence + 1;
  }

  /** The sound has stopped for want of data. */
  stalled(now) {
    this.#isStalled = true;
    this.#caution.stall(now);
    this.#low.clear();
  }

  /** @returns {Join?} the place to be near the live end, after playing `kept` seconds of what is buffered */
  goLive(now, kept = 0) {
    if (!this.playlist?.entries.length) return null;
    this.live = true;
    this.#moved();
    const distance = startDistance(
      this.#resting(now), this.segmentDuration, this.edgeAge(now), Math.max(0, this.#reloadAt - now));
    return { ...this.#place(distance - kept), afterCushion: kept > 0 };
  }

  /** The listener wants to be so many seconds behind the live edge. @returns {Join?} */
  goTo(behindEdge, now) {
    if (!this.playlist?.entries.length) return null;
    const distance = behindEdge - this.edgeAge(now);
    if (distance <= this.#restingDistance(now) + AS_GOOD_AS_LIVE) return this.goLive(now);
    this.live = false;
    this.#moved();
    return { ...this.#place(distance), afterCushion: false };
  }

  /**
   * Playback goes on after a pause: where it stopped, and not live any more if that is too far back.
   * @returns {Join?}
   */
  resume(cushion, now) {
    if (this.next === null || this.next < this.first) return this.goLive(now);
    this.live &&= this.#excess(cushion, now) <= jumpThreshold(this.segmentDuration);
    this.#moved();
    return null;
  }

  #unfetched() {
    return this.next === null ? [] : this.playlist.entries.filter((entry) => entry.sequence >= this.next);
  }

  /** How long ago the last segment appeared, s, as far as is known. */
  edgeAge(now) {
    return Math.min(Math.max(0, now - this.#edgeAt), this.playlist?.ended ? 0 : this.segmentDuration);
  }

  #resting(now) {
    const { targetDuration, entries } = this.playlist;
    const usual = restingCushion(targetDuration);
    // Caution has its limit where the playlist has its start.
    const most = Math.max(usual, totalDuration(entries) - 2 * this.segmentDuration);
    return Math.min(usual * this.#caution.factor(now), most);
  }

  #restingDistance(now) {
    return restingDistance(this.#resting(now), this.segmentDuration, this.edgeAge(now));
  }

  #enoughToStart(now) {
    // A playlist that has only just begun, or a short one, can't hold more than it has.
    const most = this.playlist.entries.length > 1 ? totalDuration(this.playlist.entries.slice(1)) : Infinity;
    return Math.min(this.#restingDistance(now), most);
  }

  #excess(cushion, now) {
    return this.distance(cushion) - this.#restingDistance(now);
  }

  #steer(mark, now) {
    this.#low.note(mark);
    const low = this.#low.value;
    if (low === null) return;
    const resting = this.#resting(now);
    if (!this.live) this.#chosen ??= Math.max(low, resting);
    this.rate = steer(this.rate, low, this.live ? resting : this.#chosen, this.#deadband);
  }

  #moved() {
    this.rate = 1;
    this.#chosen = null;
    this.#low.clear();
  }

  /** The place so many seconds from the playlist's end, or else its start. */
  #place(distance) {
    const { entries } = this.playlist;
    let rest = Math.max(0, distance);
    for (let i = entries.length - 1; i >= 0; i--) {
      if (rest <= entries[i].duration) return { sequence: entries[i].sequence, offset: entries[i].duration - rest };
      rest -= entries[i].duration;
    }
    return { sequence: entries[0].sequence, offset: 0 };
  }

  /** A playlist may come from a cache that is behind; a media sequence that stays back is a new stream's. */
  #isStale(last, oldLast) {
    this.#backwards = oldLast !== null && last < oldLast ? this.#backwards + 1 : 0;
    return this.#backwards > 0 && this.#backwards < STALE_LOADS;
  }
}
