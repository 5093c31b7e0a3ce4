// One HTTP exchange with a timeout.

import { takeEarlyAnswer } from './early-answers.js';

export class HTTPError extends Error {
  constructor(response) {
    super(`${response.status} ${response.statusText}`);
    this.status = response.status;
  }
}

/**
 * Fetches `url` and reads the whole body.
 * @param {'text' | 'json'} kind the method of Response that reads the body
 * @param {object} options
 * @param {number} options.timeoutSeconds for the whole exchange
 * @param {RequestCache} options.cache
 * @param {HeadersInit} options.headers
 * @param {AbortSignal} [options.signal]
 * @param {(headers: Headers, sentMs: number, receivedMs: number) => void} [options.onHeaders] receives, before the body
 *   is read, the header fields, and when the request left and the answer came, ms of the monotonic clock
 * @throws {HTTPError} for a status other than 2xx
 * @throws {Error} where no answer comes
 */
export function download(url, kind, { timeoutSeconds, cache, headers, signal, onHeaders }) {
  return exchange(url, { timeoutSeconds, cache, headers, signal }, (response, _, sentMs, receivedMs) => {
    onHeaders?.(response.headers, sentMs, receivedMs);
    return response[kind]();
  });
}

/**
 * Fetches `url` and hands on the header fields, then the bytes of the body as they come.
 * @param {object} options
 * @param {number} options.timeoutSeconds without a byte
 * @param {AbortSignal} options.signal
 * @param {HeadersInit} options.headers
 * @param {(headers: Headers) => void} options.onHeaders
 * @param {(bytes: Uint8Array) => Promise<void>} options.onBytes
 * @throws the same errors as `download`, and the errors of `onBytes`
 */
export function stream(url, { timeoutSeconds, signal, headers, onHeaders, onBytes }) {
  return exchange(url, { timeoutSeconds, cache: 'default', signal, headers }, async (response, isAlive) => {
    onHeaders(response.headers);
    const reader = response.body.getReader();
    for (let read; !(read = await reader.read()).done;) {
      isAlive();
      await onBytes(read.value);
    }
  });
}

async function exchange(url, { timeoutSeconds, cache, signal, headers }, read) {
  const answer = takeEarlyAnswer(url);
  const controller = answer?.controller ?? new AbortController();
  const abort = () => controller.abort();
  // AbortSignal.any would do this, but older browsers lack it.
  signal?.addEventListener('abort', abort);
  if (signal?.aborted) abort();
  let timer;
  const isAlive = () => {
    clearTimeout(timer);
    timer = setTimeout(abort, timeoutSeconds * 1000);
  };
  isAlive();
  try {
    const sentMs = answer?.sentMs ?? performance.now();
    const response = await (answer?.response ?? fetch(url, { cache, headers, signal: controller.signal }));
    if (!response.ok) throw new HTTPError(response);
    return await read(response, isAlive, sentMs, answer?.receivedMs ?? performance.now());
  } catch (error) {
    // This ends the transfer of a body that an error has made useless.
    controller.abort();
    throw error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}
