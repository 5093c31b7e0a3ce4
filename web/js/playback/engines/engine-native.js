// The engine that uses the browser's own HLS. iPhones before iOS 17.1 have no Media Source Extensions.

/** The browser starts at this number of target durations from the end (RFC 8216 §6.3.3). */
const HOLD_BACK_TARGETS = 3;

/**
 * Events: `error` when the engine must be replaced.
 */
export class NativeEngine extends EventTarget {
  static isSupported = document.createElement('audio').canPlayType('application/vnd.apple.mpegurl') !== '';

  /** See `Cushion`. */
  static needs = {
    floorSeconds: 0, primerSeconds: 0, outputSeconds: 0, lostAfterStallSeconds: 0, deadbandSeconds: Infinity,
    crossingSeconds: 0,
  };

  /** See `MSEEngine`. */
  static isDisturbedByPage = false;

  name = 'native';
  playsFrames = false;
  wantsEveryFrame = false;

  /** @type {HTMLMediaElement} */
  output;

  #playlist = null;
  #listeners = new AbortController();

  constructor(element, { playlistUrl }) {
    super();
    this.output = element;
    // A time-stretcher makes a change of the rate audible. Without it the pitch changes by a few cents, which nobody
    // hears.
    element.preservesPitch = false;
    element.addEventListener('error', () => {
      this.dispatchEvent(Object.assign(new Event('error'), { error: new Error(element.error?.message) }));
    }, { signal: this.#listeners.signal });
    element.src = playlistUrl;
  }

  /** Receives the page's copy of the playlist, which tells the segment that is heard. */
  observe(playlist) {
    this.#playlist = playlist;
  }

  get cushionSeconds() {
    const { buffered, currentTime } = this.output;
    return buffered.length ? Math.max(0, buffered.end(buffered.length - 1) - currentTime) : 0;
  }

  get playing() {
    const date = this.#dateAt(this.output.currentTime);
    const starts = (entry) => entry.date !== null && date !== null && entry.date <= date;
    const entry = this.#playlist?.entries.filter(starts).at(-1);
    return { sequence: entry?.sequence ?? null, offsetSeconds: entry ? (date - entry.date) / 1000 : null, date };
  }

  /** Seconds from the playhead to the end of the seekable range. */
  get distanceSeconds() {
    const { seekable, currentTime } = this.output;
    return seekable.length ? Math.max(0, seekable.end(seekable.length - 1) - currentTime) : 0;
  }

  /** Moves the playhead to this distance from the end of the seekable range. */
  seekToDistance(distanceSeconds) {
    const { seekable } = this.output;
    if (!seekable.length) return;
    const last = seekable.length - 1;
    this.output.currentTime = Math.max(seekable.start(last), seekable.end(last) - distanceSeconds);
  }

  seekLive() {
    this.seekToDistance(HOLD_BACK_TARGETS * (this.#playlist?.targetDurationSeconds ?? 2));
  }

  get ended() {
    return this.output.ended;
  }

  close() {
    this.#listeners.abort();
    this.output.removeAttribute('src');
    this.output.load();
  }

  #dateAt(time) {
    // WebKit offers EXT-X-PROGRAM-DATE-TIME as the date at media time 0.
    const start = this.output.getStartDate?.().getTime();
    return Number.isFinite(start) ? start + time * 1000 : null;
  }
}
