// The own picture: the camera of this page, and the way of its stills to the listeners.

import { text } from '../../../js/language/texts.js';
import { make, setText } from '../../../rooms/js/chat/elements.js';
import { OwnDevice } from '../../../rooms/js/call/own-device.js';
import { PIECE_BYTES, picturePieces } from './picture-pieces.js';
import { PieceSender } from './piece-sender.js';
import { StillMaker } from './still-maker.js';

/** All words of this module. */
const WORDS = {
  get show() { return text('picture.show'); },
  get hide() { return text('picture.hide'); },
  get off() { return text('picture.off'); },
  get ready() { return text('picture.ready'); },
  get shown() { return text('picture.shown'); },
  get other() { return text('picture.other'); },
};

/** The pieces of a still go on this often between two frames of the microphone, ms. */
const PIECE_MS = 4;
/** A frame of the microphone comes each 10 ms: a still may be early by half of that. */
const EARLY_MS = 5;

/** While the person wants to be shown, `isOn` is true. The person agrees by the button, and by nothing else. */
export class OwnPicture {
  #find;
  #connection;
  #session;
  #camera = new OwnDevice('camera', navigator.mediaDevices);
  #stills;
  #pieces;
  #wantsToBeShown = false;
  #isOnAir = false;
  /** The member whom the listeners see, as the server says. @type {'this' | 'other' | null} */
  #seen = null;
  /** Whether the server was told that the person agrees, on the present way onto the air. */
  #hasAgreed = false;
  #sequence = 0;
  #pieceTimer = null;
  /** When the latest still was made, ms. */
  #madeAt = -Infinity;

  /**
   * @param {(id: string) => HTMLElement} find
   * @param {import('../../../rooms/js/road/connection.js').RoomConnection} connection
   * @param {import('../../../rooms/js/voice/voice.js').VoiceSession} session whose sound belongs to the picture
   */
  constructor(find, connection, session) {
    this.#find = find;
    this.#connection = connection;
    this.#session = session;
    this.#stills = new StillMaker(find('own-picture'));
    this.#pieces = new PieceSender(connection);
    this.#camera.addEventListener('change', () => this.#follow());
    find('camera').addEventListener('click', () => this.#toggle());
    find('camera-device').addEventListener('change', () => this.#camera.start(find('camera-device').value));
    navigator.mediaDevices?.addEventListener('devicechange', () => this.#refresh());
    this.show();
  }

  /** Stills that were sent, and those that were left out for the sound. */
  get figures() {
    const { sent, dropped, quality } = this.#stills.plan;
    return { sent, dropped: dropped + this.#pieces.givenUp, quality, isShown: this.#isShown };
  }

  /** @param {boolean} isOnAir whether the listeners hear this person */
  follow(isOnAir) {
    if (isOnAir === this.#isOnAir) return;
    this.#isOnAir = isOnAir;
    // The server forgets the agreement with the place on the air.
    this.#hasAgreed = false;
    this.#agree();
  }

  /** The page is in the room. The server forgets the agreement with each road. */
  enter() {
    this.#hasAgreed = false;
    this.#agree();
  }

  /** @param {'this' | 'other' | null} seen the member whom the listeners see */
  noteSeen(seen) {
    if (seen === this.#seen) return;
    this.#seen = seen;
    this.show();
  }

  /** The person has stopped the programme, or is out of the room. */
  close() {
    this.#wantsToBeShown = false;
    this.#camera.stop();
  }

  get #isShown() {
    return this.#wantsToBeShown && this.#isOnAir && this.#camera.isOn;
  }

  async #toggle() {
    if (this.#wantsToBeShown) {
      this.close();
      return;
    }
    this.#wantsToBeShown = true;
    await this.#camera.start();
    if (!this.#camera.isOn) this.#wantsToBeShown = false;
    await this.#refresh();
    this.#follow();
  }

  async #refresh() {
    if (this.#wantsToBeShown) await this.#camera.refresh(await navigator.mediaDevices.enumerateDevices());
  }

  #follow() {
    const video = this.#find('own-picture');
    const { track } = this.#camera;
    if ((video.srcObject?.getVideoTracks()[0] ?? null) !== track) {
      video.srcObject = track && new MediaStream([track]);
      // A browser that refuses to play a muted video shows the camera's first picture.
      if (track) video.play().catch(() => {});
    }
    this.#agree();
  }

  /** Tells the server whether the person agrees to be shown, and sends stills or none. */
  #agree() {
    const agrees = this.#isShown;
    if (agrees !== this.#hasAgreed) {
      this.#hasAgreed = agrees;
      this.#connection.send({ type: 'show', on: agrees });
    }
    this.#session.otherBytes = agrees ? PIECE_BYTES : 0;
    if (!agrees) this.#pieces.stop();
    this.show();
  }

  /** Makes and sends what is due. To be called for each frame of the microphone. */
  tick() {
    if (!this.#isShown) return;
    const time = performance.now();
    this.#goOn();
    if (time - this.#madeAt < 1000 / Number(this.#find('camera-rate').value) - EARLY_MS) return;
    this.#madeAt = time;
    this.#makeStill();
  }

  #goOn() {
    clearTimeout(this.#pieceTimer);
    this.#pieces.goOn(performance.now());
    if (this.#pieces.isBusy) this.#pieceTimer = setTimeout(() => this.#goOn(), PIECE_MS);
  }

  #makeStill() {
    if (this.#pieces.isBusy) return this.#stills.plan.noteBusy();
    this.#stills.make(this.#connection.waitingBytes, (jpeg, seenAt) => {
      const sampleTime = this.#session.sampleTimeAt(seenAt);
      if (!this.#isShown || sampleTime === null) return;
      this.#pieces.send(picturePieces({ sequence: this.#sequence++ % 2 ** 32, sampleTime }, jpeg), performance.now());
      this.#goOn();
    });
  }

  /** The sentence about what the listeners see. */
  get #state() {
    if (!this.#camera.isOn) return WORDS.off;
    if (!this.#isShown || this.#seen === null) return WORDS.ready;
    return this.#seen === 'this' ? WORDS.shown : WORDS.other;
  }

  /** Shows everything again, as after a change of the language. */
  show() {
    const find = this.#find;
    const { isOn, refusal, devices, id } = this.#camera;
    setText(find('camera'), this.#wantsToBeShown ? WORDS.hide : WORDS.show);
    find('camera').setAttribute('aria-pressed', String(this.#wantsToBeShown));
    find('own-picture').hidden = !isOn;
    setText(find('camera-said'), refusal ? `${refusal.sentence} ${refusal.advice}` : this.#state);
    const select = find('camera-device');
    find('camera-choice').hidden = devices.length < 2;
    select.replaceChildren(...devices.map((device) => make('option', { value: device.id }, device.label)));
    if (id !== null) select.value = id;
  }
}
