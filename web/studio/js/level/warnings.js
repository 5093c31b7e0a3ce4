// The warnings about the own sound, from levels and from what the server says.

/** A microphone that gives nothing louder than this is silent, dB relative to full scale. */
const SILENT_DB = -60;
const SILENT_SECONDS = 5;
/** A sample this near to full scale is clipped, dB. */
const CLIPPED_DB = -0.1;
/** Clipping is shown for this long after the last clipped sample, seconds. */
const CLIPPED_SECONDS = 4;
/** The server tells of an echo at most once in 30 s. */
const ECHO_SECONDS = 35;
/** A talker who is later than this has trouble to talk with others, ms. */
const LATE_MS = 350;
const LATE_SECONDS = 3;

/** @typedef {'silent' | 'clipped' | 'echo' | 'late'} Warning */

export class Warnings {
  #loudAt = null;
  #clippedAt = -Infinity;
  #echoAt = -Infinity;
  #lateSince = null;

  /** The microphone has started, or is another one. @param {number} now seconds of a monotonic clock */
  begin(now) {
    this.#loudAt = now;
    this.#clippedAt = this.#echoAt = -Infinity;
  }

  /** The microphone is closed. */
  end() {
    this.#loudAt = null;
  }

  /** @param {number} db the highest sample since the last call @param {number} now */
  noteLevel(db, now) {
    if (this.#loudAt === null || db > SILENT_DB) this.#loudAt = now;
    if (db > CLIPPED_DB) this.#clippedAt = now;
  }

  /** The server hears the mix in this microphone. @param {number} now */
  noteEcho(now) {
    this.#echoAt = now;
  }

  /** @param {number} ms from the microphone to the station's mix @param {number} now */
  noteDelay(ms, now) {
    this.#lateSince = ms > LATE_MS ? this.#lateSince ?? now : null;
  }

  /** @param {number} now @returns {Warning[]} the most important one first */
  at(now) {
    const isSilent = this.#loudAt !== null && now - this.#loudAt >= SILENT_SECONDS;
    return [
      isSilent && 'silent', now - this.#clippedAt < CLIPPED_SECONDS && 'clipped',
      now - this.#echoAt < ECHO_SECONDS && 'echo',
      this.#lateSince !== null && now - this.#lateSince >= LATE_SECONDS && 'late',
    ].filter(Boolean);
  }
}
