// The plan of the stills: their size, their quality, and whether one is left out for the sound. Pure.

/** Pixels. */
const WIDTH = 640;
const MOST_HEIGHT = 640;
/** A still of this size is small enough for five of them a second. */
const WANTED_BYTES = 48 << 10;
/** The server takes no still of more bytes. */
const MOST_BYTES = 100 << 10;
const QUALITIES = { best: 0.8, worst: 0.3, step: 0.05 };
/** While more bytes wait in the page for the network, the sound needs the line, and no still is sent. */
const MOST_WAITING_BYTES = 2000;

/** The size in which a camera's picture is sent: 640 pixels wide, or high where the picture is upright. */
export function stillSize({ width, height }) {
  const scale = Math.min(1, WIDTH / width, MOST_HEIGHT / height);
  return { width: Math.max(16, Math.round(width * scale)), height: Math.max(16, Math.round(height * scale)) };
}

export class StillPlan {
  /** The quality of the next still, as `toBlob` takes it. */
  quality = 0.7;
  sent = 0;
  dropped = 0;

  /** Whether a still may be made now. The picture is dropped first. @param {number} waitingBytes in the socket */
  mayMake(waitingBytes) {
    if (waitingBytes <= MOST_WAITING_BYTES) return true;
    this.noteBusy();
    return false;
  }

  /** Whether a still of this size is sent. Later stills come nearer to the wanted size. @param {number} bytes */
  maySend(bytes) {
    if (bytes > WANTED_BYTES) this.#lower();
    else if (bytes < WANTED_BYTES / 2) this.quality = Math.min(QUALITIES.best, this.quality + QUALITIES.step);
    if (bytes <= MOST_BYTES) {
      this.sent += 1;
      return true;
    }
    this.dropped += 1;
    return false;
  }

  /** A still is left out, because the line is busy. */
  noteBusy() {
    this.dropped += 1;
    this.#lower();
  }

  #lower() {
    this.quality = Math.max(QUALITIES.worst, this.quality - QUALITIES.step);
  }
}
