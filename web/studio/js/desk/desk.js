// The desk: one person, one stream, one room. It ties the way onto the air, the sound, the room and the views together.

import { now } from '../../../js/net/clock.js';
import { make, setText } from '../../../rooms/js/chat/elements.js';
import { RoomConnection } from '../../../rooms/js/road/connection.js';
import { roomURLs } from '../../../rooms/js/road/room-urls.js';
import { openInvite, openNameForm } from '../../../rooms/js/room/room-sheet.js';
import { RoomState } from '../../../rooms/js/state/room-state.js';
import { secureAddress } from '../../../rooms/js/talk/secure-address.js';
import { makeHoldButton } from '../air/hold-button.js';
import { OnAir } from '../air/on-air.js';
import { TwoTaps } from '../air/two-taps.js';
import { LevelReading } from '../level/level-reading.js';
import { RingMeter } from '../level/ring-meter.js';
import { decibels, levelText } from '../level/scale.js';
import { Warnings } from '../level/warnings.js';
import { OwnPicture } from '../picture/own-picture.js';
import { ChatPanel } from './chat-panel.js';
import { delayText, lineText, ownDelay, requestSentence, warningSentence } from './facts.js';
import { guestsOf, stillAsked } from './guests.js';
import { makeGuestsView } from './guests-view.js';
import { LampView } from './lamp-view.js';
import { obstacleOf } from './obstacles.js';
import { OwnSound } from './own-sound.js';
import { SoundView } from './sound-view.js';

/** The level is drawn, and the clock counts, this often. */
const FRAME_MS = 50;
/** A screen reader's meter changes this often. */
const SPOKEN_LEVEL_MS = 1000;
/** The loss of a device is shown for this long. */
const NOTICE_SECONDS = 20;
/** A guest's link is good for this long. */
const INVITE_SECONDS = 24 * 3600;

export class Desk {
  #find;
  #stream;
  #memory;
  #client;
  #connection;
  #state = new RoomState();
  #air = new OnAir();
  #stop = new TwoTaps();
  #warnings = new Warnings();
  #reading = new LevelReading();
  #sound;
  #picture;
  #asked = new Set();
  #delay = null;
  #isCoughing = false;
  #wasMutedByHost = false;
  /** What happened to the microphone. @type {{text: string, until: number}?} `until` in seconds */
  #notice = null;
  /** When the person pressed the button, or the line broke, seconds; for the words of a wait. */
  #waitsSince = null;
  #isInsideOnce = false;
  #lamp;
  #meter;
  #soundView;
  #renderGuests;
  #chat;
  #cough;
  #shownWarnings = '';
  /** The reason for which this page gets no microphone, in the language of the page; gives null where there is none. */
  #obstacle = () => null;
  #spokenAt = -Infinity;

  /**
   * @param {(id: string) => HTMLElement} find
   * @param {object} place
   * @param {import('../entry/streams.js').StudioStream} place.stream
   * @param {string} place.root the URL of the station
   * @param {import('../entry/studio-requests.js').Secrets} place.secrets
   * @param {import('../../../rooms/js/road/admission.js').TabMemory} place.memory of the stream
   * @param {object} client
   * @param {(status: object) => void} client.onOutside the room does not let the page in, or no longer does
   * @param {() => void} client.onInside
   * @param {(name: string) => void} client.onName the server knows this member by this name
   * @param {import('../../../rooms/js/room/sheet.js').Sheet} client.sheet
   */
  constructor(find, { stream, root, secrets, memory }, client) {
    this.#find = find;
    this.#stream = stream;
    this.#memory = memory;
    this.#client = client;
    const { session } = memory.kept;
    const hello = { ...(session && { session }), ...secrets };
    this.#connection = new RoomConnection(
      roomURLs(stream.room, new URL('rooms/', root)), hello, (value) => memory.keep({ session: value }));
    this.#sound = new OwnSound(this.#connection);
    this.#picture = new OwnPicture(find, this.#connection, this.#sound.session);
    this.#sound.onSoundFrame = () => this.#picture.tick();
    this.#lamp = new LampView(find);
    this.#meter = new RingMeter(find('meter'));
    this.#soundView = new SoundView(find, {
      onMicrophone: (id) => this.#sound.open(id),
      onMode: (mode) => this.#sound.setMode(mode),
      onMonitor: (isOn) => this.#sound.monitor(isOn),
      onRehearse: () => this.#sound.rehearse(),
    });
    this.#renderGuests = makeGuestsView(find('guests'), (message) => this.#actOnGuest(message));
    this.#chat = new ChatPanel(find, this.#connection, this.#state, client.sheet);
    this.#listen();
    this.#findObstacle(root, secrets);
    setInterval(() => this.#tick(), FRAME_MS);
  }

  /** Enters the room. @param {string} name */
  join(name) {
    this.#connection.join(name);
  }

  get isOnAir() {
    return this.#air.wantsAir;
  }

  snapshot() {
    const { phase, road } = this.#connection.status;
    return {
      phase, road, air: this.#air.phase, since: this.#air.since, isMuted: this.#air.isMuted, you: this.#state.you,
      delay: this.#delay, warnings: this.#warningsNow(), level: this.#reading.level, figures: this.#sound.session.figures,
      picture: this.#picture.figures,
      texts: this.#state.entries.filter(({ kind }) => kind === 'chat').map(({ name, text }) => ({ name, text })),
    };
  }

  #listen() {
    const find = this.#find;
    const connection = this.#connection;
    connection.addEventListener('message', ({ message }) => this.#receive(message));
    connection.addEventListener('status', () => this.#followRoad());
    this.#sound.addEventListener('change', () => this.#followSound());
    this.#sound.addEventListener('sound', () => {
      this.#warnings.begin(now());
      this.#handle({ type: 'sound' });
    });
    this.#sound.addEventListener('no-sound', () => {
      this.#warnings.end();
      this.#handle({ type: 'no-sound' });
    });
    this.#sound.addEventListener('notice', ({ text }) => {
      setText(find('announcer'), text);
      this.#notice = { text, until: now() + NOTICE_SECONDS };
    });
    // A key that is held repeats its click: one press is one press.
    for (const id of ['go', 'stop', 'mute-voice']) {
      find(id).addEventListener('keydown', (event) => { if (event.repeat) event.preventDefault(); });
    }
    find('go').addEventListener('click', () => this.#go());
    find('mute-voice').addEventListener('click', () => this.toggleMute());
    find('stop').addEventListener('click', () => this.#tapStop());
    find('stop').addEventListener('blur', () => this.#stop.calm());
    find('own-name').addEventListener('click', () => this.#rename());
    find('invite').addEventListener('click', () =>
      connection.send({ type: 'invite', role: 'talker', expires: INVITE_SECONDS }));
    this.#cough = makeHoldButton(find('cough'), 'c', {
      mayUseKey: (event) => !event.ctrlKey && !event.metaKey && !event.altKey && !isText(event.target),
      onHold: (isHeld) => {
        this.#isCoughing = isHeld;
        this.#sound.session.cough(isHeld);
        this.#show();
      },
    });
    document.addEventListener('visibilitychange', () => { if (!document.hidden) connection.noteVisible(); });
    addEventListener('online', () => connection.noteOnline());
    addEventListener('beforeunload', (event) => { if (this.isOnAir) event.preventDefault(); });
    // The page that comes next in this tab learns until when this one was on the air.
    addEventListener('pagehide', () => this.#remember());
  }

  #followSound() {
    const { isMutedByHost, isMuted } = this.#sound.session;
    const isFreed = this.#wasMutedByHost && !isMutedByHost;
    this.#wasMutedByHost = isMutedByHost;
    // The person decides when to be heard again.
    if (isFreed && isMuted && !this.#air.isMuted) this.#handle({ type: 'mute', on: true });
    this.#soundView.show(this.#sound.microphone, this.#air.wantsAir);
  }

  async #findObstacle(root, { invite }) {
    const browser = { hasMediaDevices: navigator.mediaDevices !== undefined, isSecureContext };
    this.#obstacle = () => obstacleOf(browser, null);
    if (isSecureContext) return;
    const address = await secureAddress(root, new URL(location.href), invite);
    this.#obstacle = () => obstacleOf(browser, address);
    this.#show();
  }

  // The actions of the person.

  #go() {
    if (this.#obstacle() !== null) return;
    this.#waitsSince = now();
    this.#handle({ type: 'go' });
    this.#find('mute-voice').focus();
  }

  toggleMute() {
    if (this.#air.wantsAir) this.#handle({ type: 'mute', on: !this.#air.isMuted });
  }

  focusChat() {
    this.#chat.focus();
  }

  /** Starts the microphone for its meter, where the browser has the person's permission already. */
  async rehearse() {
    try {
      const { state } = await navigator.permissions.query({ name: 'microphone' });
      const isOutside = ['refused', 'ended'].includes(this.#connection.status.phase);
      if (state === 'granted' && !isOutside && !this.#air.wantsAir) await this.#sound.open();
    } catch {
      // The browser does not tell its permissions. The meter begins with the programme.
    }
  }

  #tapStop() {
    // Nothing is lost yet.
    const isEnd = this.#air.phase === 'starting' || this.#stop.tap(now());
    if (isEnd) this.#end();
    else this.#show();
  }

  #end() {
    this.#stop.calm();
    this.#handle({ type: 'stop' });
    this.#find('go').focus();
  }

  #rename() {
    openNameForm(this.#client.sheet, this.#state.you.name, (name) => {
      this.#memory.keep({ name });
      this.#client.onName(name);
      this.#connection.send({ type: 'name', name });
    });
  }

  #actOnGuest(message) {
    if (message.action === 'air') {
      if (message.on) this.#asked.add(message.member);
      else this.#asked.delete(message.member);
    }
    this.#connection.send(message);
    this.#showMembers();
  }

  // The room.

  #receive(message) {
    const changed = this.#state.handle(message, new Date().toISOString());
    switch (message.type) {
      case 'welcome': this.#enter(message); break;
      case 'air': this.#learnAir(message); break;
      case 'voices': this.#learnDelay(message); break;
      case 'echo': if (message.member === this.#state.you?.id) this.#warnings.noteEcho(now()); break;
      case 'invite': openInvite(this.#client.sheet, message); break;
      case 'moved': location.assign(new URL(message.url, location.href)); break;
      case 'error': this.#refuse(message); break;
      default:
    }
    if (changed.includes('members')) {
      this.#showMembers();
      this.#picture.noteSeen(this.#seen);
    }
    if (changed.includes('entries')) this.#chat.render();
    this.#show();
  }

  #enter({ you }) {
    const member = this.#state.you;
    this.#memory.keep({ name: you.name });
    this.#client.onName(you.name);
    this.#handle({
      type: 'joined', isOnAir: member.on_air === true, hasAgreed: member.agreed === true,
      resumesFrom: this.#isInsideOnce ? null : this.#resumesFrom(),
    });
    this.#isInsideOnce = true;
    this.#picture.enter();
  }

  /** @returns {'this' | 'other' | null} the member whom the listeners see */
  get #seen() {
    const { you, membersInOrder } = this.#state;
    const member = membersInOrder.find(({ shown }) => shown === true);
    return member === undefined ? null : member.id === you?.id ? 'this' : 'other';
  }

  #learnAir({ on, members }) {
    this.#handle({ type: 'air', isOnAir: on && members.includes(this.#state.you?.id) });
  }

  #learnDelay(message) {
    if (!this.#air.wantsAir) return;
    this.#delay = ownDelay(message, this.#state.you?.id);
    if (this.#delay !== null) this.#warnings.noteDelay(this.#delay, now());
  }

  #refuse(error) {
    if (error.code === 'not_allowed' && this.#air.phase === 'starting') this.#handle({ type: 'refused' });
    this.#chat.showError(error);
  }

  #followRoad() {
    const { phase, error } = this.#connection.status;
    if (phase === 'rejoining') {
      if (this.#air.phase === 'on') this.#waitsSince = now();
      this.#handle({ type: 'lost' });
    }
    if (phase === 'joined') this.#client.onInside();
    if (phase === 'refused' || phase === 'ended') {
      this.#handle({ type: 'ended' });
      // Nothing on the page outside of the room would switch the camera or the microphone off.
      this.#picture.close();
      if (error?.code !== 'name_taken') this.#sound.close();
      this.#client.onOutside({ phase, error });
    }
    this.#chat.showStatus();
    this.#show();
  }

  // The air.

  #handle(event) {
    for (const command of this.#air.handle(event, now())) this.#perform(command);
    this.#picture.follow(this.#air.phase === 'on');
    this.#sound.wantDelay(this.#air.wantsAir);
    this.#soundView.show(this.#sound.microphone, this.#air.wantsAir);
    this.#remember();
    this.#show();
  }

  #perform(command) {
    switch (command.do) {
      case 'open-microphone': this.#sound.open(); break;
      case 'claim': this.#sound.claim(command.isMuted); break;
      case 'mute': this.#mute(command.on); break;
      case 'disagree': this.#sound.session.agree(false); break;
      case 'close-microphone': this.#close(); break;
    }
  }

  #mute(isMuted) {
    this.#sound.session.mute(isMuted);
    // A muted microphone is not a silent one.
    if (isMuted) this.#warnings.end();
    else this.#warnings.begin(now());
  }

  #close() {
    this.#cough.release();
    this.#stop.calm();
    this.#warnings.end();
    this.#delay = null;
    this.#picture.close();
    this.#sound.close();
  }

  /** Keeps when the programme began, ms since 1970, for a page that is loaded again. */
  #remember() {
    const { wantsAir, since } = this.#air;
    const onAirSince = wantsAir && since !== null ? Math.round(Date.now() - 1000 * (now() - since)) : null;
    if ((this.#memory.kept.onAirSince ?? null) !== onAirSince) this.#memory.keep({ onAirSince });
  }

  #resumesFrom() {
    const { onAirSince } = this.#memory.kept;
    return onAirSince === undefined ? null : now() - (Date.now() - onAirSince) / 1000;
  }

  // The view.

  #tick() {
    const time = now();
    const db = decibels(this.#sound.takePeak());
    const isOpen = this.#sound.hasSound && !this.#air.isMuted && !this.#isCoughing;
    if (isOpen) this.#warnings.noteLevel(db, time);
    this.#reading.update(isOpen ? db : -Infinity, time);
    this.#meter.draw(this.#reading.level, this.#reading.peak);
    if (time - this.#spokenAt >= SPOKEN_LEVEL_MS / 1000) {
      this.#spokenAt = time;
      this.#find('level').setAttribute('aria-valuenow', String(Math.round(this.#reading.level)));
      this.#find('level').setAttribute('aria-valuetext', levelText(this.#reading.level));
    }
    this.#show();
  }

  #show() {
    const time = now();
    const { status } = this.#connection;
    this.#lamp.show({
      phase: this.#air.phase, isMuted: this.#air.isMuted, isCoughing: this.#isCoughing, problem: this.#air.problem,
      hasSound: this.#sound.hasSound, isJoined: status.phase === 'joined',
      waitSeconds: this.#waitsSince === null ? 0 : time - this.#waitsSince,
      retrySeconds: status.retryAt === null ? null : Math.max(0, status.retryAt - time),
      since: this.#air.since, now: time, isStopArmed: this.#stop.isArmed(time), stream: this.#stream.name,
    });
    setText(this.#find('delay'), delayText(this.#delay));
    setText(this.#find('line'), lineText(status, this.#state.you?.network ?? null));
    this.#showWarnings();
  }

  #warningsNow() {
    const { session } = this.#sound;
    const { status } = this.#connection;
    return [
      this.#state.you?.role === 'listener' && 'listener',
      status.phase === 'joined' && !session.hasVoices && 'no-road',
      session.isMutedByHost && 'muted-by-host',
      ...this.#warnings.at(now()),
    ].filter(Boolean);
  }

  /** Shows everything again, after a change of the language. */
  showAgain() {
    this.#soundView.show(this.#sound.microphone, this.#air.wantsAir);
    this.#picture.show();
    this.#showMembers();
    this.#chat.showStatus();
    this.#chat.render();
    this.#show();
  }

  #showWarnings() {
    const { refusal } = this.#sound;
    const { airRequestBy } = this.#sound.session;
    const rows = [
      this.#obstacle(),
      refusal && { sentence: `${refusal.sentence} ${refusal.advice}` },
      this.#notice !== null && now() < this.#notice.until && { sentence: this.#notice.text },
      airRequestBy !== null && !this.#air.wantsAir && { sentence: requestSentence(airRequestBy) },
      ...this.#warningsNow().map((warning) => ({ sentence: warningSentence(warning) })),
    ].filter(Boolean);
    const wanted = JSON.stringify(rows);
    if (wanted === this.#shownWarnings) return;
    this.#shownWarnings = wanted;
    this.#find('warnings').replaceChildren(...rows.map(({ sentence, link }) =>
      make('li', {}, sentence, link !== undefined && ' ', link !== undefined && make('a', { href: link }, link))));
  }

  #showMembers() {
    const { you, members, membersInOrder } = this.#state;
    if (you === null) return;
    this.#asked = stillAsked(this.#asked, members);
    setText(this.#find('own-name'), you.name);
    this.#renderGuests(guestsOf(membersInOrder, you.id, this.#asked));
    this.#chat.noteMembers();
  }
}

const isText = ({ tagName }) => ['INPUT', 'TEXTAREA', 'SELECT'].includes(tagName);
