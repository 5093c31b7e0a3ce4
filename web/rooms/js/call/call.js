// The call of a room: up to four members see and hear each other directly, page to page (WebRTC). The room only passes
// on what the pages say to each other before they are connected.

import { languageChanges, text } from '../../../js/language/texts.js';
import { CallView } from './call-view.js';
import { JoinDialog } from './join-dialog.js';
import { Mesh } from './mesh.js';
import { OwnMedia } from './own-media.js';
import { listenerRefusal, obstacleOf } from './refusals.js';
import { rememberDevices, rememberedDevices } from './remembered-devices.js';
import { REFUSALS, changeSentence, serverRefusal } from './words.js';

/** The credentials for the relays are valid for an hour: the page asks for new ones early enough. */
const RENEW_MS = 20 * 60_000;

/**
 * Shows the call of a room in `container`, from now on.
 * @param {object} room
 * @param {HTMLElement} room.container an empty element, which is hidden where the room has no calls
 * @param {(message: object) => void} room.send sends a message to the room; drops the message while there is no road
 * @param {(type: string, listener: (message: object) => void) => void} room.on calls the listener for each message of a
 *   type from the room, after the page has applied the message to `members`: `welcome` (each time that the page is let
 *   in, also after an interruption), `members`, `call`, `signal`, `error`
 * @param {() => {id: number, name: string, role: string, muted: boolean, call: {camera: boolean, microphone: boolean}?}[]} room.members
 *   all members of the room now, with the own one
 * @param {() => unknown} room.you the id of the own member, null before the first `welcome`
 * @returns {{hangUp: () => void}} `hangUp` is for a page that leaves the room or is removed from the room
 */
export function createCall(room) {
  const call = new Call(room);
  return { hangUp: () => call.hangUp('') };
}

class Call {
  #room;
  #view;
  #dialog;
  #media;
  #mesh = null;
  #phase = 'out';
  #notice = '';
  #shownInCall = [];
  #lastSent = '';
  /** Whether the room has shown this member in the call since the page joined or came back. */
  #isConfirmed = false;
  #refresh;
  /** Whether the own member was muted by the room's latest message, and by this page's latest message. */
  #muted = { known: false, told: false };

  constructor(room) {
    this.#room = room;
    this.#media = new OwnMedia(navigator.mediaDevices, rememberedDevices());
    this.#dialog = new JoinDialog({ join: () => this.#join(), cancel: () => this.hangUp('') });
    this.#view = new CallView(room.container, {
      open: () => this.#choose(),
      mute: () => this.#toggleMicrophone(),
      camera: () => this.#toggleCamera(),
      hangUp: () => this.hangUp(text('call.left')),
      choose: (kind, id) => (id === null ? this.#media[kind].stop() : this.#media[kind].start(id)),
    });
    room.container.append(this.#dialog.element);
    this.#listen();
    this.#enter();
  }

  /** The reason for which this page cannot take part, in the language of the page. */
  get #obstacle() {
    return obstacleOf({
      hasPeerConnection: typeof RTCPeerConnection === 'function',
      hasMediaDevices: typeof navigator.mediaDevices?.getUserMedia === 'function',
      isSecureContext,
      secureOrigin: secureOrigin(location.href),
    });
  }

  #listen() {
    const { on } = this.#room;
    on('welcome', ({ room }) => {
      this.#room.container.hidden = !room.calls;
      this.#enter();
    });
    on('members', (message) => this.#membersChanged(message));
    on('call', (message) => this.#admitted(message));
    on('signal', (message) => { if (this.#phase === 'in') this.#mesh.receive(message); });
    on('error', (message) => this.#refused(message));
    this.#media.addEventListener('change', () => this.#mediaChanged());
    this.#media.addEventListener('notice', ({ text }) => this.#say(text));
    // A page that is closed leaves the call at once, not when the server misses its connection.
    addEventListener('pagehide', () => this.hangUp(''));
    languageChanges.addEventListener('change', () => {
      this.#show();
      if (this.#dialog.isOpen) this.#dialog.show(this.#obstacle);
    });
  }

  // The actions of the person.

  async #choose() {
    const { microphone, camera } = rememberedDevices();
    this.#phase = 'choosing';
    this.#notice = '';
    this.#dialog.open(this.#media, this.#obstacle);
    this.#show();
    await this.#media.start({ microphone: microphone.isOn, camera: camera.isOn });
    // The dialog was closed meanwhile.
    if (this.#phase === 'out') this.#media.stop();
  }

  #join() {
    this.#phase = 'joining';
    this.#remember();
    this.#sendState();
    this.#show();
  }

  /** @param {string} notice what the page says about it */
  hangUp(notice) {
    const wasIn = this.#phase === 'in' || this.#phase === 'joining';
    this.#phase = 'out';
    this.#mesh?.close();
    this.#mesh = null;
    this.#lastSent = '';
    this.#isConfirmed = false;
    clearTimeout(this.#refresh);
    this.#media.stop();
    this.#dialog.close();
    if (wasIn) this.#room.send({ type: 'call', on: false });
    this.#say(notice);
  }

  #toggleMicrophone() {
    const { microphone } = this.#media;
    if (microphone.isOn && microphone.isEnabled) {
      // Nobody hears a word more, however long the room takes.
      microphone.isEnabled = false;
      this.#tellMuted(true);
      return;
    }
    if (!microphone.isOn) microphone.start();
    // Where the room has this member muted, the room decides.
    if (!this.#muted.known) microphone.isEnabled = true;
    this.#tellMuted(false);
  }

  #tellMuted(on) {
    if (this.#muted.told !== on || this.#muted.known !== on) this.#room.send({ type: 'mute', on });
    this.#muted.told = on;
  }

  #toggleCamera() {
    const { camera } = this.#media;
    if (camera.isOn) camera.stop();
    else camera.start();
  }

  // The messages of the room.

  /** The room has let the page in, for the first time or after an interruption. */
  #enter() {
    this.#followMute();
    if (this.#phase === 'in') this.#returned();
    else if (this.#phase === 'joining') this.#sendState();
    // The page of this member was in the call before it was loaded again.
    else if (this.#me()?.call) this.#room.send({ type: 'call', on: false });
    this.#show();
  }

  /** The connection to the room is back. The peers have been connected all the time. */
  #returned() {
    if (this.#mesh.you !== this.#room.you()) {
      // The server knows this page as another member.
      this.#mesh.close();
      this.#mesh = this.#newMesh();
    }
    this.#lastSent = '';
    this.#isConfirmed = false;
    this.#sendState();
    this.#mesh.present(this.#idsInCall(), now());
    this.#mesh.resume();
  }

  /** The server's answer to the wish to join, and to the wish for new credentials. */
  #admitted({ ice = [], members = [] }) {
    if (this.#phase !== 'joining' && this.#phase !== 'in') return;
    this.#mesh ??= this.#newMesh();
    this.#phase = 'in';
    this.#notice = '';
    this.#mesh.joined({ ice, members });
    clearTimeout(this.#refresh);
    if (ice.some(({ credential }) => credential)) this.#refresh = setTimeout(() => this.#renew(), RENEW_MS);
    this.#show();
  }

  #refused(error) {
    // After a restart of the server, somebody else may have taken the place.
    const isWaiting = this.#phase === 'joining' || this.#phase === 'in' && !this.#isConfirmed;
    if (isWaiting && REFUSALS.includes(error.code)) this.hangUp(serverRefusal(error));
  }

  #membersChanged({ changed = [], left = [] }) {
    const present = this.#idsInCall();
    this.#mesh?.left(left);
    this.#mesh?.leftCall(changed.map(({ id }) => id).filter((id) => !present.includes(id)));
    this.#mesh?.present(present, now());
    this.#followMute();
    const isShown = Boolean(this.#me()?.call);
    if (this.#phase === 'in' && this.#isConfirmed && !isShown) this.hangUp(text('call.gone'));
    this.#isConfirmed = isShown && this.#phase === 'in';
    this.#show();
  }

  /** Mutes and unmutes the microphone with the member: by the page's own button, or by a host. */
  #followMute() {
    const isMuted = this.#me()?.muted === true;
    if (isMuted === this.#muted.known) return;
    this.#muted = { known: isMuted, told: isMuted };
    this.#media.microphone.isEnabled = !isMuted;
  }

  // The own media.

  #mediaChanged() {
    if (this.#phase === 'in') {
      this.#mesh.setTrack('audio', this.#media.microphone.track);
      this.#mesh.setTrack('video', this.#media.camera.track);
      this.#remember();
    }
    if (this.#phase === 'in' || this.#phase === 'joining') this.#sendState();
    if (this.#dialog.isOpen) this.#dialog.show(this.#obstacle);
    this.#show();
  }

  get #ownState() {
    const { microphone, camera } = this.#media;
    return { microphone: microphone.isOn && microphone.isEnabled, camera: camera.isOn };
  }

  /** Tells the server what the others can hear and see of this page, where that has changed. */
  #sendState() {
    const message = { type: 'call', on: true, ...this.#ownState };
    if (JSON.stringify(message) === this.#lastSent) return;
    this.#lastSent = JSON.stringify(message);
    this.#room.send(message);
  }

  #renew() {
    this.#lastSent = '';
    this.#sendState();
  }

  #remember() {
    const { microphone, camera } = this.#media;
    rememberDevices({
      microphone: { id: microphone.id, isOn: microphone.isOn }, camera: { id: camera.id, isOn: camera.isOn },
    });
  }

  // The view.

  #newMesh() {
    const mesh = new Mesh({
      you: this.#room.you(),
      tag: crypto.getRandomValues(new Uint32Array(2)).join('-'),
      send: this.#room.send,
      makeConnection: (configuration) => new RTCPeerConnection(configuration),
    });
    mesh.addEventListener('change', () => this.#show());
    mesh.setTrack('audio', this.#media.microphone.track);
    mesh.setTrack('video', this.#media.camera.track);
    return mesh;
  }

  #me() {
    return this.#room.members().find(({ id }) => id === this.#room.you());
  }

  #membersInCall() {
    return this.#room.members().filter(({ call }) => call);
  }

  #idsInCall() {
    return this.#membersInCall().map(({ id }) => id);
  }

  #say(notice) {
    this.#notice = notice;
    this.#show();
  }

  #show() {
    const others = this.#membersInCall().filter(({ id }) => id !== this.#room.you());
    this.#announceChanges(others);
    this.#view.show({
      phase: this.#phase,
      names: others.map(({ name }) => name),
      notice: this.#notice,
      obstacle: this.#finalObstacle,
      tiles: this.#phase === 'in' ? [this.#ownTile(), ...this.#otherTiles()] : [],
      levelOf: (id) => this.#mesh?.peers.get(id)?.level ?? 0,
      media: this.#media,
    });
  }

  /** The reason for which this member cannot be in the call at all; null where the member can. */
  get #finalObstacle() {
    if (this.#obstacle?.isFinal) return this.#obstacle;
    return this.#me()?.role === 'listener' ? listenerRefusal() : null;
  }

  #ownTile() {
    const { camera } = this.#media;
    const name = this.#me()?.name ?? '';
    const tracks = { audio: null, video: camera.track };
    return [this.#room.you(), { name, isYou: true, state: 'connected', ...this.#ownState, tracks }];
  }

  #otherTiles() {
    const members = new Map(this.#room.members().map((member) => [member.id, member]));
    return [...this.#mesh.peers].map(([id, peer]) => {
      const { name = '', call } = members.get(id) ?? {};
      const { microphone = true, camera = true } = call ?? {};
      return [id, { name, isYou: false, state: peer.state, microphone, camera, tracks: peer.tracks }];
    });
  }

  /** Tells those in the call who came and who went. */
  #announceChanges(others) {
    const before = this.#shownInCall;
    this.#shownInCall = others;
    if (this.#phase !== 'in') return;
    const missingIn = (list) => ({ id }) => !list.some((member) => member.id === id);
    const names = (list) => list.map(({ name }) => name);
    const sentence = changeSentence(
      names(others.filter(missingIn(before))), names(before.filter(missingIn(others))));
    if (sentence) this.#notice = sentence;
  }
}

const now = () => performance.now() / 1000;

/** @param {string} address of a page */
function secureOrigin(address) {
  const url = new URL(address);
  url.protocol = 'https:';
  return url.origin;
}
