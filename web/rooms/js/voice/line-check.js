// The line check: measures how well the way to the server is suited to voices.

import { text } from '../../../js/language/texts.js';

/** The number of round trips that are measured, and the pause between two of them, ms. */
const COUNT = 6;
const PAUSE_MS = 150;
const TIMEOUT_MS = 4000;
/** The limits of a good and of a fair line, ms: the round trip, and its variation. */
const GOOD = { rtt: 100, jitter: 25 };
const FAIR = { rtt: 300, jitter: 80 };

/**
 * @typedef {object} Line
 * @property {number} rtt the median round trip, ms
 * @property {number} jitter the longest round trip above the shortest one, ms
 * @property {'good' | 'fair' | 'poor' | 'gone'} quality
 */

/** @param {number[]} rtts ms @returns {Line} */
export function lineOf(rtts) {
  if (rtts.length === 0) return { rtt: 0, jitter: 0, quality: 'gone' };
  const sorted = [...rtts].sort((one, other) => one - other);
  const rtt = sorted[sorted.length >> 1];
  const jitter = sorted.at(-1) - sorted[0];
  const isWithin = (limits) => rtt <= limits.rtt && jitter <= limits.jitter;
  return { rtt, jitter, quality: isWithin(GOOD) ? 'good' : isWithin(FAIR) ? 'fair' : 'poor' };
}

/** @param {Line} line */
export const lineSentence = ({ rtt, jitter, quality }) => text(`voice.line-${quality}`, { rtt, jitter });

/**
 * Measures the line of a connection.
 * @param {EventTarget & {ping: () => void}} connection of a room
 * @returns {Promise<Line>}
 */
export async function checkLine(connection) {
  const rtts = [];
  const pause = () => new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  const hear = ({ message: { type, rtt } }) => { if (type === 'pong') rtts.push(rtt); };
  connection.addEventListener('message', hear);
  for (let i = 0; i < COUNT; i++) {
    connection.ping();
    await pause();
  }
  const end = performance.now() + TIMEOUT_MS;
  while (rtts.length < COUNT && performance.now() < end) await pause();
  connection.removeEventListener('message', hear);
  return lineOf(rtts);
}
