// An own device: the microphone or the camera of this page, with the track that comes from it. Where the device is
// lost, the next device takes its place.

import { constraintsOf, devicesOf, lossSentence, nextDevice, returnSentence } from './devices.js';
import { refusalOf } from './refusals.js';

/**
 * Events: `change` when anything below has changed, `notice` (with `text`) when the device was lost or came back.
 */
export class OwnDevice extends EventTarget {
  /** @type {import('./refusals.js').DeviceKind} */
  kind;
  /** @type {import('./devices.js').Device[]} those to choose from */
  devices = [];
  /** @type {MediaStreamTrack?} null while the device is off */
  track = null;
  /** @type {import('./refusals.js').Refusal?} the reason for which the device did not start */
  refusal = null;
  /** The id of the device that was chosen; null for the browser's choice. */
  id;

  #media;
  #constraintsOf;
  #sentences;
  #isEnabled = true;
  /** Whether the device was lost, and no other one took its place. */
  #isLost = false;
  /** The ids of the connected devices that no longer work. They are passed over until the person chooses a device. */
  #broken = new Set();
  /** The number of the latest request. A device that comes for an earlier request is stopped at once. */
  #request = 0;

  /**
   * @param {import('./refusals.js').DeviceKind} kind
   * @param {MediaDevices | undefined} media undefined where the browser gives no devices to this page
   * @param {string?} id
   * @param {object} use of the device; without it the use in a call
   * @param {typeof constraintsOf} use.constraintsOf
   * @param {typeof lossSentence} use.lossSentence
   * @param {typeof returnSentence} use.returnSentence
   */
  constructor(kind, media, id = null, use = { constraintsOf, lossSentence, returnSentence }) {
    super();
    this.kind = kind;
    this.#media = media;
    this.id = id;
    this.#constraintsOf = use.constraintsOf;
    this.#sentences = use;
  }

  get isOn() {
    return this.track !== null;
  }

  get isEnabled() {
    return this.#isEnabled;
  }

  /** Silences the track, and each later one, without stopping the device. */
  set isEnabled(value) {
    this.#isEnabled = value;
    if (this.track) this.track.enabled = value;
    this.#announce();
  }

  /** Uses a track that a request for several kinds of devices has brought. */
  adopt(track) {
    this.#request += 1;
    this.#use(track);
  }

  /**
   * Starts a device. Where a device that was chosen now does not start, the present one goes on.
   * @param {string?} id
   */
  async start(id = this.id) {
    if (!this.#media) return;
    this.#broken.clear();
    const before = this.isOn ? this.id : null;
    // Many phones open only one camera at a time, so that the present one is stopped first.
    this.#end();
    const refusal = await this.#open(id);
    if (refusal && before !== null && before !== id) {
      await this.#open(before);
      this.refusal = refusal;
      this.#announce();
    }
  }

  /** Stops the device, so that its light goes out. */
  stop() {
    this.#request += 1;
    this.#isLost = false;
    this.refusal = null;
    this.#end();
    this.#announce();
  }

  /**
   * Takes the list of the connected devices.
   * @param {MediaDeviceInfo[]} infos of enumerateDevices
   */
  async refresh(infos) {
    const before = this.devices;
    this.devices = devicesOf(infos, this.kind);
    // A device that was away may work again.
    for (const id of this.#broken) if (!this.devices.some((device) => device.id === id)) this.#broken.delete(id);
    this.#announce();
    const has = (devices, id) => devices.some((device) => device.id === id);
    if (this.isOn && has(before, this.id) && !has(this.devices, this.id)) {
      await this.#replaceLost(before);
    } else if (this.#isLost) {
      const device = nextDevice(this.devices, this.#broken);
      if (device && await this.#open(device.id) === null && this.isOn) {
        this.#notify(this.#sentences.returnSentence(this.kind, device));
      }
    }
  }

  /** @returns {Promise<import('./refusals.js').Refusal?>} null where the device has started, or is not wanted any more */
  async #open(id) {
    const request = ++this.#request;
    try {
      const track = await this.#trackOf(id);
      if (request === this.#request) this.#use(track);
      else track.stop();
      return null;
    } catch (error) {
      if (request !== this.#request) return null;
      this.refusal = refusalOf(error, this.kind);
      this.#announce();
      return this.refusal;
    }
  }

  async #trackOf(id) {
    const open = async (id) => (await this.#media.getUserMedia(this.#constraintsOf(this.kind, id))).getTracks()[0];
    try {
      return await open(id);
    } catch (error) {
      // A device of an earlier visit may be gone.
      const isRemembered = id !== null && !this.devices.some((device) => device.id === id);
      if (error.name !== 'OverconstrainedError' || !isRemembered) throw error;
      return open(null);
    }
  }

  #use(track) {
    this.#end();
    this.track = track;
    track.enabled = this.#isEnabled;
    this.id = track.getSettings().deviceId ?? this.id;
    this.#isLost = false;
    this.refusal = null;
    track.addEventListener('ended', () => {
      if (this.track === track) this.#replaceLost(this.devices);
    });
    this.#announce();
  }

  #end() {
    this.track?.stop();
    this.track = null;
  }

  /** Gives up a device that no longer works, although the browser says nothing, for the next one. */
  async giveUp() {
    if (!this.isOn) return;
    this.#broken.add(this.id);
    await this.#replaceLost(this.devices);
  }

  async #replaceLost(devicesBefore) {
    const lost = devicesBefore.find(({ id }) => id === this.id) ?? null;
    const lostId = this.id;
    const request = ++this.#request;
    this.#end();
    this.#announce();
    this.devices = devicesOf(await this.#media.enumerateDevices(), this.kind);
    // The device is not wanted any more, or another one is.
    if (request !== this.#request) return;
    // The first device that starts is used.
    const passed = new Set([...this.#broken, lostId]);
    for (let next = nextDevice(this.devices, passed); next; next = nextDevice(this.devices, passed)) {
      if (await this.#open(next.id) === null) {
        if (this.isOn) this.#notify(this.#sentences.lossSentence(this.kind, lost, next));
        return;
      }
      passed.add(next.id);
    }
    this.#isLost = true;
    this.#notify(this.#sentences.lossSentence(this.kind, lost, null));
  }

  #announce() {
    this.dispatchEvent(new Event('change'));
  }

  #notify(text) {
    this.#announce();
    this.dispatchEvent(Object.assign(new Event('notice'), { text }));
  }
}
