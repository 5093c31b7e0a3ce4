// The picture feed: asks the server for the pictures that have come. The server holds each request until there is one.

import { download } from '../net/download.js';
import { retryDelaySeconds } from '../net/retry.js';

/** The server answers earlier. */
const TIMEOUT_SECONDS = 60;
/** A page that nobody looks at, or that plays nothing, looks again after this time, ms. */
const REST_MS = 500;

const wait = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

/**
 * Follows the pictures of a stream, for ever.
 * @param {(after: number) => string} addressOf the list of the pictures after one of them, which the server holds
 *   until there is one; with 0, of all
 * @param {object} client
 * @param {() => number} client.after the id of the newest picture that the page knows
 * @param {() => boolean} client.isWanted whether pictures are to be seen at all now
 * @param {(pictures: {id: number, date: string}[]) => void} client.onPictures
 */
export async function followPictures(addressOf, { after, isWanted, onPictures }) {
  for (let failures = 0; ;) {
    if (!isWanted()) {
      await wait(REST_MS);
      continue;
    }
    try {
      const { pictures } = await download(addressOf(after()), 'json', {
        timeoutSeconds: TIMEOUT_SECONDS, cache: 'default', headers: {},
      });
      failures = 0;
      onPictures(pictures);
      // The server has held the list for as long as it may, or a cache has an empty one.
      if (pictures.length === 0) await wait(REST_MS);
    } catch {
      failures += 1;
      await wait(1000 * retryDelaySeconds(failures, Math.random()));
    }
  }
}
