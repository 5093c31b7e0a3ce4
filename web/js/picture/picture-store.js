// The picture store: fetches and decodes pictures, one at a time, so that the sound has the line for itself in between.

/** Decoded pictures that are kept. */
const MOST_KEPT = 16;
/** A picture that takes longer is given up. */
const SLOW_MS = 2000;
/** After a failure the pictures rest for a while: the line is for the sound, and a server may be busy. */
const FIRST_REST_MS = 5000;
const LAST_REST_MS = 60_000;

export class PictureStore {
  /** Called when a picture has come, or is given up. */
  onPicture = () => {};
  /** Called with the id of a picture that is never to come: the server does not have it, or no browser can show it. */
  onMissing = () => {};

  #addressOf;
  /** By id, the one that was used last at the end. @type {Map<number, ImageBitmap>} */
  #bitmaps = new Map();
  #loading = null;
  #restMs = FIRST_REST_MS;
  #restsUntil = -Infinity;

  /** @param {(id: number) => string} addressOf a picture */
  constructor(addressOf) {
    this.#addressOf = addressOf;
  }

  /** @returns {ImageBitmap?} null where the picture has not come yet */
  get(id) {
    const bitmap = this.#bitmaps.get(id) ?? null;
    if (bitmap !== null) {
      this.#bitmaps.delete(id);
      this.#bitmaps.set(id, bitmap);
    }
    return bitmap;
  }

  /** Fetches the first of these pictures that has not come. @param {import('./picture-track.js').Picture[]} wanted */
  want(wanted) {
    const missing = wanted.find(({ id }) => !this.#bitmaps.has(id));
    if (missing && this.#loading === null && performance.now() >= this.#restsUntil) this.#load(missing.id);
  }

  /** Gives up the picture that is under way. */
  stop() {
    this.#loading?.abort();
  }

  async #load(id) {
    const controller = this.#loading = new AbortController();
    let isSlow = false;
    const timer = setTimeout(() => {
      isSlow = true;
      controller.abort();
    }, SLOW_MS);
    try {
      const response = await fetch(this.#addressOf(id), { signal: controller.signal, priority: 'low' });
      if (response.status === 404) {
        this.onMissing(id);
      } else {
        if (!response.ok) throw new Error(`${response.status}`);
        this.#keep(id, await this.#decode(id, await response.blob()));
      }
      this.#restMs = FIRST_REST_MS;
    } catch {
      // A picture that `stop` gives up has not failed.
      if (isSlow || !controller.signal.aborted) this.#rest();
    } finally {
      clearTimeout(timer);
      this.#loading = null;
    }
    this.onPicture();
  }

  async #decode(id, blob) {
    try {
      return await createImageBitmap(blob);
    } catch (error) {
      this.onMissing(id);
      throw error;
    }
  }

  #rest() {
    this.#restsUntil = performance.now() + this.#restMs;
    this.#restMs = Math.min(2 * this.#restMs, LAST_REST_MS);
  }

  #keep(id, bitmap) {
    this.#bitmaps.set(id, bitmap);
    for (const [other, old] of this.#bitmaps) {
      if (this.#bitmaps.size <= MOST_KEPT) break;
      this.#bitmaps.delete(other);
      old.close();
    }
  }
}
