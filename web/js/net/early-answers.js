// The early answers: requests that leave before the modules that use their answers have come.

/** An answer that is not taken by then is of no use. */
const UNUSED_MS = 5000;

/**
 * @typedef {object} EarlyAnswer
 * @property {Promise<Response>} response
 * @property {AbortController} controller ends the exchange
 * @property {number} sentMs when the request left, ms of the monotonic clock
 * @property {number?} receivedMs when the answer came, by the same clock; null before
 * @property {number} expiresMs from this time on the answer is out of date
 */

/** @type {Map<string, EarlyAnswer>} */
const answers = new Map();

/**
 * Sends a request, whose answer `takeEarlyAnswer` gives away.
 * @param {RequestCache} cache
 * @param {HeadersInit} headers
 * @returns {EarlyAnswer}
 */
export function requestEarly(url, cache, headers) {
  const controller = new AbortController();
  const sentMs = performance.now();
  const response = fetch(url, { cache, headers, signal: controller.signal });
  const answer = { response, controller, sentMs, receivedMs: null, expiresMs: Infinity };
  answers.set(url, answer);
  response.then(() => { answer.receivedMs = performance.now(); }, () => {});
  setTimeout(() => {
    if (answers.get(url) !== answer) return;
    answers.delete(url);
    controller.abort();
  }, UNUSED_MS);
  return answer;
}

/**
 * The answer to a request that left early. Each answer is given away once.
 * @returns {EarlyAnswer | undefined} undefined where there is none, or where it is out of date
 */
export function takeEarlyAnswer(url) {
  const answer = answers.get(url);
  answers.delete(url);
  if (answer === undefined || performance.now() < answer.expiresMs) return answer;
  answer.controller.abort();
  return undefined;
}
