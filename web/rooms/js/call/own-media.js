// Own media: the microphone and the camera of this page.

import { constraintsOf } from './devices.js';
import { OwnDevice } from './own-device.js';

/** Events: `change`, and `notice` (with `text`), those of both devices. */
export class OwnMedia extends EventTarget {
  microphone;
  camera;

  #media;

  /**
   * @param {MediaDevices | undefined} media undefined where the browser gives no devices to this page
   * @param {{microphone: {id: string?}, camera: {id: string?}}} choices of the last visit
   */
  constructor(media, { microphone, camera }) {
    super();
    this.#media = media;
    this.microphone = new OwnDevice('microphone', media, microphone.id);
    this.camera = new OwnDevice('camera', media, camera.id);
    for (const device of [this.microphone, this.camera]) {
      device.addEventListener('change', () => this.dispatchEvent(new Event('change')));
      device.addEventListener('notice', ({ text }) => {
        this.dispatchEvent(Object.assign(new Event('notice'), { text }));
      });
    }
    media?.addEventListener('devicechange', () => this.#refresh());
  }

  /**
   * Starts the devices that are wanted. The browser asks for one permission where it can.
   * @param {{microphone: boolean, camera: boolean}} wanted
   */
  async start({ microphone, camera }) {
    if (!this.#media) return;
    if (!(microphone && camera) || !await this.#startBoth()) {
      if (microphone) await this.microphone.start();
      if (camera) await this.camera.start();
    }
    // Browsers tell the names of the devices only after the permission.
    await this.#refresh();
  }

  stop() {
    this.microphone.stop();
    this.camera.stop();
  }

  async #startBoth() {
    const { microphone, camera } = this;
    try {
      const stream = await this.#media.getUserMedia({
        ...constraintsOf('microphone', microphone.id), ...constraintsOf('camera', camera.id),
      });
      microphone.adopt(stream.getAudioTracks()[0]);
      camera.adopt(stream.getVideoTracks()[0]);
      return true;
    } catch {
      // Requests for a single device tell which of the two is refused.
      return false;
    }
  }

  async #refresh() {
    const infos = await this.#media.enumerateDevices();
    await Promise.all([this.microphone.refresh(infos), this.camera.refresh(infos)]);
  }
}
