// Voices in a room: the members hear each other through the server.

import { microphoneObstacleOf } from '../call/refusals.js';
import { Microphone } from '../voice/microphone.js';
import { SoundContext } from '../voice/sound-context.js';
import { VoiceSession } from '../voice/voice.js';
import { AirDialog } from './air-dialog.js';
import { connectHoldKeys } from './hold-keys.js';
import { MicrophoneDialog } from './microphone-dialog.js';
import { rememberVoice, rememberedVoice } from './remembered-voice.js';
import { secureAddress } from './secure-address.js';
import { VoiceBar } from './voice-bar.js';
import { echoAdvice, hostEchoAdvice, changeSentence } from './words.js';

/** The advice about echo is shown for this long, ms. */
const ADVICE_MS = 20_000;
const SHOW_MS = 1000;

/**
 * Shows the voices of a room in `container`, from now on.
 * @param {object} room
 * @param {HTMLElement} room.container an empty element
 * @param {import('../road/connection.js').RoomConnection} room.connection
 * @param {import('../state/room-state.js').RoomState} room.state which has the welcome already
 * @param {object[]} room.missed the messages since the welcome that concern the voices
 * @param {string} room.base the URL of the station
 * @param {string | undefined} room.invite by which the person came
 * @param {() => void} room.onChange the own voice has changed
 * @param {(talkers: Map<number, {level: number, delay: number}>) => void} room.onVoices
 * @param {() => void} room.leaveText takes the focus out of the text, where the space bar writes
 * @returns {Talk}
 */
export const createTalk = (room) => new Talk(room);

class Talk {
  #room;
  #context = new SoundContext();
  #microphone;
  #session;
  #bar;
  #dialog;
  #airDialog;
  #secureAddress = null;
  #notice = '';
  #noticeTimer = null;
  #before = { isOnAir: false, isMutedByHost: false };
  #isFirst = true;

  constructor(room) {
    this.#room = room;
    const { id, mode, isPushToTalk } = rememberedVoice();
    const wishes = new URL(location.href).searchParams;
    this.#microphone = new Microphone({
      media: navigator.mediaDevices, context: this.#context, id, mode, isWorklet: wishes.get('capture') === 'worklet',
    });
    this.#session = new VoiceSession(room.connection, {
      context: this.#context, microphone: this.#microphone, form: wishes.get('sound') === 'pcm16' ? 'pcm16' : 'opus',
    });
    this.#session.usePushToTalk(isPushToTalk);
    this.#bar = new VoiceBar(room.container, {
      listen: () => this.#listen(), stopListening: () => this.#stopListening(), speakUp: () => this.#openDialog(),
      toggleMute: () => this.toggleMute(), push: (isPushed) => this.#session.push(isPushed),
      programme: () => this.#session.hearProgramme(!this.#session.hearsProgramme),
      leaveAir: () => this.#session.agree(false), level: () => this.#microphone.level,
    });
    this.#dialog = this.#makeDialog();
    this.#airDialog = new AirDialog((agrees) => this.#session.agree(agrees));
    document.body.append(this.#dialog.element, this.#airDialog.element);
    this.#connect();
  }

  #makeDialog() {
    const { connection } = this.#room;
    return new MicrophoneDialog({
      microphone: this.#microphone, session: this.#session, connection,
      confirm: () => this.#confirm(), cancel: () => this.#microphone.stop(),
      stop: () => this.#session.stopSpeaking(),
      choose: (id) => (id === null ? this.#microphone.stop() : this.#microphone.start(id)),
      chooseMode: (mode) => this.#microphone.setMode(mode),
      pushToTalk: (isOn) => {
        rememberVoice({ isPushToTalk: isOn });
        this.#session.usePushToTalk(isOn);
      },
    });
  }

  #connect() {
    const { state, connection, missed } = this.#room;
    this.#session.addEventListener('change', () => this.#show());
    this.#session.addEventListener('voices', () => this.#room.onVoices(this.#session.talkers));
    this.#session.addEventListener('notice', ({ text }) => this.#say(text));
    connection.addEventListener('message', ({ message }) => this.#hear(message));
    connectHoldKeys({
      push: (isHeld) => this.#hold(this.#session.isPushToTalk, () => this.#session.push(isHeld)),
      cough: (isHeld) => this.#hold(!this.#session.isPushToTalk, () => this.#session.cough(isHeld)),
    });
    // The delays change without an event.
    setInterval(() => this.#show(), SHOW_MS);
    this.#session.enter({ you: state.you, room: state.room, members: [...state.members.values()] }, missed);
    this.#begin();
  }

  /** A page in a room without calls plays the room from the beginning. In a call the members hear each other already. */
  #begin() {
    if (rememberedVoice().listens && !this.#room.state.room.calls && this.#session.hasVoices) this.#session.listen();
    if (!isSecureContext) {
      secureAddress(this.#room.base, new URL(location.href), this.#room.invite).then((address) => {
        this.#secureAddress = address;
        this.#show();
      });
    }
    this.#show();
  }

  // The actions of the person.

  /** Whether the person uses voices: their mute is then that of this page. */
  get isInUse() {
    return this.#session.hasVoices && (this.#session.wantsToListen || this.#session.isSpeaking);
  }

  get session() {
    return this.#session;
  }

  /** Mutes or unmutes. A person who has not spoken up yet gets the dialog of the microphone. */
  toggleMute() {
    if (!this.#session.isSpeaking) this.#openDialog();
    else if (!this.#session.isPushToTalk) this.#session.mute(!this.#session.isMuted);
  }

  /** A microphone that starts after the dialog is cancelled is stopped at once: see `OwnDevice`. */
  #openDialog() {
    if (this.#dialog.isOpen) return;
    this.#dialog.open(this.#obstacle);
    if (!this.#microphone.isOn && this.#obstacle === null) this.#microphone.start();
  }

  #confirm() {
    const { id, mode } = this.#microphone;
    rememberVoice({ id, mode, listens: true });
    if (!this.#session.isSpeaking) {
      this.#session.listen();
      this.#session.speak();
    }
    if (this.#session.isPushToTalk) this.#room.leaveText();
  }

  #listen() {
    rememberVoice({ listens: true });
    if (this.#session.wantsToListen) this.#context.mayPlay();
    else this.#session.listen();
  }

  #stopListening() {
    rememberVoice({ listens: false });
    this.#session.stopListening();
  }

  #hold(hasMeaning, act) {
    if (!this.#session.isSpeaking || !hasMeaning) return false;
    act();
    return true;
  }

  /** The page leaves the room. */
  hangUp() {
    this.#session.stopSpeaking();
    this.#dialog.close();
    this.#airDialog.show(null);
  }

  // The messages of the room.

  #hear(message) {
    if (message.type === 'echo') this.#adviseAgainstEcho(message.member);
    // The person was out of the room, and comes again.
    if (message.type === 'welcome' && !this.isInUse && rememberedVoice().listens && !message.room.calls) {
      if (this.#session.hasVoices) this.#session.listen();
    }
  }

  #adviseAgainstEcho(member) {
    const { state } = this.#room;
    const name = state.members.get(member)?.name;
    if (member === state.you?.id) this.#say(echoAdvice(), ADVICE_MS);
    else if (name !== undefined) this.#say(hostEchoAdvice(name), ADVICE_MS);
  }

  // The view.

  #say(text, duration = ADVICE_MS) {
    this.#notice = text;
    clearTimeout(this.#noticeTimer);
    this.#noticeTimer = setTimeout(() => this.#say(''), duration);
    this.#show();
  }

  get #obstacle() {
    const hasMediaDevices = typeof navigator.mediaDevices?.getUserMedia === 'function';
    return microphoneObstacleOf({ hasMediaDevices, isSecureContext }, this.#secureAddress);
  }

  #show() {
    const session = this.#session;
    const { isOnAir, isMutedByHost } = session;
    const sentence = changeSentence(this.#before, { isOnAir, isMutedByHost });
    this.#before = { isOnAir, isMutedByHost };
    if (sentence !== '' && !this.#isFirst) this.#bar.announce(sentence);
    this.#isFirst = false;
    this.#bar.show({
      road: this.#room.connection.status.road, hasVoices: session.hasVoices, wantsToListen: session.wantsToListen,
      waitsForGesture: session.waitsForGesture, isTalker: this.#room.state.isTalker, isSpeaking: session.isSpeaking,
      hasMicrophone: this.#microphone.isOn, isMutedByHost, isPushToTalk: session.isPushToTalk, isOpen: session.isOpen,
      isMuted: session.isMuted, isOnAir, hasProgramme: this.#room.state.isSource,
      hearsProgramme: session.hearsProgramme, heard: session.delays.heard, notice: this.#notice,
      refusal: session.isSpeaking ? this.#microphone.refusal : null,
    });
    if (this.#dialog.isOpen) this.#dialog.show(this.#obstacle);
    this.#airDialog.show(session.airRequestBy);
    this.#room.onChange();
  }
}
