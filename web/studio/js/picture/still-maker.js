// The still maker: takes stills of a playing video, each with the time at which the camera saw it.

import { StillPlan, stillSize } from './still-plan.js';

/** A video that tells no time of its frame shows a frame that is about this old, ms. */
const TYPICAL_AGE_MS = 40;
/** The time of a frame is of use for this long, ms. */
const FRESH_MS = 300;

export class StillMaker {
  plan = new StillPlan();

  #video;
  #canvas = document.createElement('canvas');
  #isBusy = false;
  /** When the camera saw the frame that the video shows, ms; null where the browser does not tell. */
  #seenAt = null;

  /** @param {HTMLVideoElement} video */
  constructor(video) {
    this.#video = video;
    this.#watchFrames();
  }

  #watchFrames() {
    this.#video.requestVideoFrameCallback?.((now, { captureTime, presentationTime }) => {
      this.#seenAt = captureTime ?? (presentationTime ?? now) - TYPICAL_AGE_MS;
      this.#watchFrames();
    });
  }

  /**
   * Makes a still, unless the line is busy.
   * @param {number} waitingBytes in the socket
   * @param {(jpeg: Uint8Array, seenAt: number) => void} onStill `seenAt`: ms of `performance.now()`
   */
  async make(waitingBytes, onStill) {
    const { videoWidth: width, videoHeight: height } = this.#video;
    if (this.#isBusy || width === 0 || !this.plan.mayMake(waitingBytes)) return;
    const now = performance.now();
    const seenAt = this.#seenAt !== null && now - this.#seenAt < FRESH_MS ? this.#seenAt : now - TYPICAL_AGE_MS;
    const size = stillSize({ width, height });
    Object.assign(this.#canvas, size);
    this.#canvas.getContext('2d').drawImage(this.#video, 0, 0, size.width, size.height);
    this.#isBusy = true;
    try {
      const blob = await new Promise((resolve) => {
        this.#canvas.toBlob(resolve, 'image/jpeg', this.plan.quality);
      });
      const jpeg = blob && new Uint8Array(await blob.arrayBuffer());
      if (jpeg && this.plan.maySend(jpeg.length)) onStill(jpeg, seenAt);
    } finally {
      this.#isBusy = false;
    }
  }
}
