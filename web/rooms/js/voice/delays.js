// The delays of voices, in milliseconds. Pure.

/** The server takes this long on average: its jitter buffer, and half a tick of its mixer. */
const MIXER_MS = 25;
/** A listener whose delay nobody knows plays this late. */
const USUAL_PLAYBACK_MS = 50;

/**
 * The time from another talker's microphone to this page's loudspeaker.
 * @param {number} talkerDelay from the microphone into the mix, as the server says
 * @param {number?} rtt of this page
 * @param {number?} playback of this page
 */
export const heardDelay = (talkerDelay, rtt, playback) => Math.round(talkerDelay + (rtt ?? 0) / 2 + (playback ?? 0));

/**
 * The time from this page's microphone to the others: an estimate before the first word, for a listener with the same
 * line as this page.
 * @param {number} capture
 * @param {number?} rtt
 * @param {number?} playback of this page
 */
export const ownDelay = (capture, rtt, playback) =>
  Math.round(capture + (rtt ?? 0) + MIXER_MS + (playback ?? USUAL_PLAYBACK_MS));
