// The own sound: the microphone of this page, its level, and the way into the room.

import { rememberVoice, rememberedVoice } from '../../../rooms/js/talk/remembered-voice.js';
import { Microphone } from '../../../rooms/js/voice/microphone.js';
import { SoundContext } from '../../../rooms/js/voice/sound-context.js';
import { VoiceSession } from '../../../rooms/js/voice/voice.js';

/**
 * Events: `change` when anything but the level has changed; `sound` and `no-sound` when the microphone begins and ceases
 * to give frames; `notice` (with `text`) when a device was lost or came back.
 */
export class OwnSound extends EventTarget {
  /** Called for each frame of the microphone: a hundred times a second, also while the tab is hidden. */
  onSoundFrame = () => {};
  /** The highest sample since the last `takePeak`, 0 to 1. */
  #peak = 0;
  #hasFrames = false;
  /** The number of starts under way: the track is gone for a moment in each. */
  #starts = 0;
  #context = new SoundContext();
  #microphone;
  #session;
  #connection;
  #wantsDelay = false;
  /**
   * The reason for which the microphone did not start. The reason stays until the next start.
   * @type {import('../../../rooms/js/call/refusals.js').Refusal?}
   */
  refusal = null;

  /** @param {import('../../../rooms/js/road/connection.js').RoomConnection} connection of the room */
  constructor(connection) {
    super();
    this.#connection = connection;
    const { id, mode } = rememberedVoice();
    this.#microphone = new Microphone({ media: navigator.mediaDevices, context: this.#context, id, mode });
    this.#session = new VoiceSession(connection, { context: this.#context, microphone: this.#microphone });
    const { onFrame } = this.#microphone;
    this.#microphone.onFrame = (channels, capturedAt) => {
      this.#measure(channels);
      onFrame(channels, capturedAt);
      this.onSoundFrame();
    };
    this.#microphone.addEventListener('change', () => this.#follow());
    this.#session.addEventListener('change', () => this.dispatchEvent(new Event('change')));
    this.#session.addEventListener('notice', ({ text }) => {
      this.dispatchEvent(Object.assign(new Event('notice'), { text }));
    });
  }

  get microphone() {
    return this.#microphone;
  }

  get session() {
    return this.#session;
  }

  get hasSound() {
    return this.#hasFrames;
  }

  get isStarting() {
    return this.#starts > 0;
  }

  /** The highest sample since the last call, 0 to 1. */
  takePeak() {
    const peak = this.#peak;
    this.#peak = 0;
    return peak;
  }

  /** Starts the microphone. @param {string?} [id] of another device */
  async open(id) {
    if (this.#microphone.isOn && (id === undefined || id === this.#microphone.id)) return;
    await this.#restart(() => this.#microphone.start(id));
    rememberVoice({ id: this.#microphone.id });
  }

  /** @param {'speech' | 'music'} mode */
  async setMode(mode) {
    await this.#restart(() => this.#microphone.setMode(mode));
    rememberVoice({ mode });
  }

  /** Records two seconds of the microphone, and plays them. */
  async rehearse() {
    await this.open();
    await this.#microphone.hearYourself();
  }

  close() {
    this.#session.stopSpeaking();
  }

  /** Sends the sound into the room, and agrees to be on the air. @param {boolean} isMuted */
  async claim(isMuted) {
    if (!this.#session.isSpeaking) await this.#session.speak();
    // The person may have stopped meanwhile.
    if (!this.#microphone.isOn) return;
    this.#session.mute(isMuted);
    this.#session.agree(true);
  }

  /**
   * Hears the guests and the music, or no longer does.
   * @param {boolean} isOn
   */
  async monitor(isOn) {
    if (isOn) await this.#session.listen();
    else this.#session.stopListening();
    this.#session.hearProgramme(isOn);
    this.#askForDelay();
  }

  /** The server measures the delay only of members to whom it sends sound. @param {boolean} isOn */
  wantDelay(isOn) {
    this.#wantsDelay = isOn;
    this.#askForDelay();
  }

  #askForDelay() {
    if (this.#session.wantsToListen) return;
    this.#connection.useSound(this.#wantsDelay ? 'opus' : 'none');
  }

  async #restart(start) {
    this.#starts += 1;
    this.refusal = null;
    try {
      await start();
    } finally {
      this.#starts -= 1;
      this.#follow();
    }
  }

  #measure(channels) {
    for (const samples of channels) {
      for (const sample of samples) this.#peak = Math.max(this.#peak, Math.abs(sample));
    }
    if (this.#hasFrames) return;
    this.#hasFrames = true;
    this.dispatchEvent(new Event('sound'));
  }

  #follow() {
    if (!this.#microphone.isOn && this.#starts === 0) {
      const hadFrames = this.#hasFrames;
      this.#hasFrames = false;
      const { refusal } = this.#microphone;
      this.refusal = refusal ?? this.refusal;
      if (hadFrames || refusal !== null) this.dispatchEvent(new Event('no-sound'));
    }
    this.dispatchEvent(new Event('change'));
  }
}
