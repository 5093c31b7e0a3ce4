// One HTTP exchange, with an end to its patience.

export class HTTPError extends Error {
  constructor(response) {
    super(`${response.status} ${response.statusText}`);
    this.status = response.status;
  }
}

/**
 * Fetches `url` and reads the body.
 * @param {'text' | 'json'} kind how the body is read
 * @param {object} options
 * @param {number} options.timeoutSeconds seconds for the whole exchange
 * @param {RequestCache} options.cache
 * @param {HeadersInit} options.headers
 * @param {AbortSignal} [options.signal]
 * @param {(headers: Headers) => void} [options.onHeaders] is told the header fields before the body is read
 * @throws {HTTPError} for any status but 2xx
 * @throws {Error} where there is no answer
 */
export function download(url, kind, { timeoutSeconds, cache, headers, signal, onHeaders }) {
  return exchange(url, { timeoutSeconds, cache, headers, signal }, (response) => {
    onHeaders?.(response.headers);
    return response[kind]();
  });
}

/**
 * Fetches `url` and hands on its head, then its body as it comes.
 * @param {object} options
 * @param {number} options.timeoutSeconds seconds without a byte
 * @param {AbortSignal} options.signal
 * @param {HeadersInit} options.headers
 * @param {(headers: Headers) => void} options.onHeaders
 * @param {(bytes: Uint8Array) => Promise<void>} options.onBytes
 * @throws as `download`; what `onBytes` throws
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
  const controller = new AbortController();
  const abort = () => controller.abort();
  // AbortSignal.any would do this, but older browsers lack it.
  signal?.addEventListener('abort', abort);
  let timer;
  const isAlive = () => {
    clearTimeout(timer);
    timer = setTimeout(abort, timeoutSeconds * 1000);
  };
  isAlive();
  try {
    const response = await fetch(url, { cache, headers, signal: controller.signal });
    if (!response.ok) throw new HTTPError(response);
    return await read(response, isAlive);
  } catch (error) {
    // The rest of a body that is no good is not wanted.
    controller.abort();
    throw error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}
