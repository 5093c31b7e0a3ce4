// One HTTP exchange, with an end to its patience.

export class HTTPError extends Error {
  constructor(response) {
    super(`${response.status} ${response.statusText}`);
    this.status = response.status;
  }
}

/**
 * Fetches `url` and reads the body.
 * @param {'text' | 'json' | 'arrayBuffer'} kind how the body is read
 * @param {object} options
 * @param {number} options.patience seconds for the whole exchange
 * @param {RequestCache} options.cache
 * @param {AbortSignal} [options.signal]
 * @throws {HTTPError} for any status but 2xx
 * @throws {Error} where there is no answer
 */
export async function download(url, kind, { patience, cache, signal }) {
  const controller = new AbortController();
  const abort = () => controller.abort();
  // AbortSignal.any would do this, but older browsers lack it.
  signal?.addEventListener('abort', abort);
  const timer = setTimeout(abort, patience * 1000);
  try {
    const response = await fetch(url, { cache, signal: controller.signal });
    if (!response.ok) throw new HTTPError(response);
    return await response[kind]();
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}
