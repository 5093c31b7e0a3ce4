// What has been fetched for a new beginning, until there is enough of it: playback must not start on a scrap.

import { totalDuration } from './playlist.js';

export class Batch {
  /** @type {{entry: import('./playlist.js').Entry, media: object}[]} */
  #held = [];
  /** Seconds of the first segment that will not be played. */
  #offset = 0;

  /** Begins anew, `offset` seconds into the segment that comes next. */
  begin(offset) {
    this.#held = [];
    this.#offset = offset;
  }

  add(entry, media) {
    this.#held.push({ entry, media });
  }

  /** Seconds to play; negative as long as nothing has come of a segment whose beginning is left out. */
  get seconds() {
    return totalDuration(this.#held.map(({ entry }) => entry)) - this.#offset;
  }

  /** Takes everything out. */
  take() {
    const held = this.#held;
    this.begin(0);
    return held;
  }
}
