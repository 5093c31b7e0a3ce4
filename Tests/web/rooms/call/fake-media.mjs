// Cameras and microphones without hardware.

export class FakeTrack extends EventTarget {
  enabled = true;
  readyState = 'live';

  constructor(deviceId) {
    super();
    this.deviceId = deviceId;
  }

  getSettings() {
    return { deviceId: this.deviceId };
  }

  stop() {
    this.readyState = 'ended';
  }

  /** The device is gone: only this, and not `stop`, is an event. */
  lose() {
    this.readyState = 'ended';
    this.dispatchEvent(new Event('ended'));
  }
}

const failure = (name, message = '') => Object.assign(new Error(message), { name });

export class FakeMedia extends EventTarget {
  /** The ids of the connected devices. */
  microphones = ['mic1', 'mic2'];
  cameras = ['cam1', 'cam2'];
  /** The errors that devices give, by id. */
  errors = {};
  tracks = [];
  requests = 0;

  async getUserMedia({ audio, video }) {
    this.requests += 1;
    const wanted = [[audio, this.microphones], [video, this.cameras]].filter(([constraints]) => constraints);
    await new Promise((resolve) => setImmediate(resolve));
    const ids = wanted.map(([{ deviceId }, devices]) => {
      if (devices.length === 0) throw failure('NotFoundError');
      const id = deviceId ? devices.find((device) => device === deviceId.exact) : devices[0];
      if (!id) throw failure('OverconstrainedError');
      if (this.errors[id]) throw failure(this.errors[id]);
      return id;
    });
    const tracks = ids.map((id) => new FakeTrack(id));
    this.tracks.push(...tracks);
    const ofKind = (devices) => tracks.filter(({ deviceId }) => devices.includes(deviceId));
    return {
      getTracks: () => tracks,
      getAudioTracks: () => ofKind(this.microphones), getVideoTracks: () => ofKind(this.cameras),
    };
  }

  async enumerateDevices() {
    const infos = (ids, kind) => ids.map((deviceId) => ({ kind, deviceId, label: `${deviceId}!` }));
    return [...infos(this.microphones, 'audioinput'), ...infos(this.cameras, 'videoinput')];
  }

  /** Connects or disconnects devices. */
  async change(devices) {
    Object.assign(this, devices);
    this.dispatchEvent(new Event('devicechange'));
    await settle();
  }

  get live() {
    return this.tracks.filter(({ readyState }) => readyState === 'live').map(({ deviceId }) => deviceId);
  }
}

export async function settle() {
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
}
