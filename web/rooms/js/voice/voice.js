// The voice session: a member's voice in a room. It ties microphone, loudspeaker and the room's connection together.

import { text } from '../../../js/language/texts.js';
import { heardDelay, ownDelay } from './delays.js';
import { Gate } from './gate.js';
import { MixPlayer } from './mix-player.js';
import { canDecodeOpus, opusSettings } from './opus.js';
import { SoundSender } from './sound-sender.js';
import { WakeLock } from './wake-lock.js';

/** The delays are measured, and told to the server with each ping, ms. */
const MEASURE_MS = 1000;
/** The levels of `voices` are out of date after this, ms. */
const VOICES_MS = 1000;

/**
 * Events:
 * `change` when anything below has changed, but for the levels and delays of the talkers;
 * `voices` when those have changed;
 * `notice` (with `text`) when something has happened that the person should know.
 */
export class VoiceSession extends EventTarget {
  /** The own member, as the room's server describes it; null before the first welcome. */
  you = null;
  /** The talkers that the server hears, by member. @type {Map<number, {level: number, delay: number}>} dBFS, and ms to here */
  talkers = new Map();
  /** The name of the host who wants to put this member on the air; null where nobody asks. */
  airRequestBy = null;
  /** Whether the server mixes voices, and over this road. */
  hasVoices = false;
  /** Whether the programme is in the mix that this member hears. */
  hearsProgramme = false;
  /** The time of the latest word from the server that the microphone repeats the loudspeaker, ms; null where there is none. */
  echoAt = null;

  #connection;
  #context;
  #microphone;
  #wantedForm;
  #form = null;
  #player;
  #sender;
  #gate = new Gate();
  #wakeLock = new WakeLock();
  #wantsToListen = false;
  #agrees = false;
  /** The names of the streams whose listeners hear the members on the air. */
  #streams = [];
  /** Whether the person was on the air when the road broke, or agreed since. */
  #wasOnAir = false;
  /** Whether the person has left the air since. The server may not have heard: the road drops what it cannot send at once. */
  #hasLeftAir = false;
  #mode = null;
  #voicesAt = 0;
  #measureTimer = null;
  #listeners = new AbortController();

  /**
   * @param {import('../road/connection.js').RoomConnection} connection of the room
   * @param {object} parts
   * @param {import('./sound-context.js').SoundContext} parts.context
   * @param {import('./microphone.js').Microphone} parts.microphone in the same context
   * @param {'opus' | 'pcm16'} [parts.form] of the sound in both directions, where the browser is able to
   */
  constructor(connection, { context, microphone, form = 'opus' }) {
    super();
    this.#connection = connection;
    this.#context = context;
    this.#microphone = microphone;
    this.#wantedForm = form;
    this.#player = new MixPlayer(context);
    this.#sender = new SoundSender(connection);
    connection.onSound = (packet) => this.#player.receive(packet);
    microphone.onFrame = (channels, capturedAt) => this.#sender.push(channels, capturedAt);
    const options = { signal: this.#listeners.signal };
    connection.addEventListener('message', ({ message }) => this.#hear(message), options);
    connection.addEventListener('status', () => this.#followRoad(), options);
    context.addEventListener('change', () => this.#followContext(), options);
    microphone.addEventListener('change', () => this.#followMicrophone(), options);
    microphone.addEventListener('notice', ({ text }) => this.#say(text), options);
    // The browser needs a moment to answer. The person must not wait for that.
    if (form === 'opus') opusSettings();
    this.#measureTimer = setInterval(() => this.#measure(), MEASURE_MS);
  }

  /**
   * A session that begins while the page is in the room already takes the room's welcome from here.
   * @param {object} welcome the message, or its parts `you`, `room` and `members`
   * @param {object[]} later the messages that came after the welcome
   */
  enter(welcome, later) {
    this.#hear({ ...welcome, type: 'welcome' });
    for (const message of later) this.#hear(message);
  }

  // Listening.

  /** Whether the person wants to hear the room. The browser may still wait for a gesture: see `isListening`. */
  get wantsToListen() {
    return this.#wantsToListen;
  }

  /** Whether the room is heard. */
  get isListening() {
    return this.#wantsToListen && this.#player.isPlaying && this.hasVoices;
  }

  /** Whether the browser waits for a gesture before it plays. */
  get waitsForGesture() {
    return this.#wantsToListen && !this.#context.isRunning;
  }

  /** Plays the room, as soon as the browser lets the page play. */
  async listen() {
    if (this.#wantsToListen) return;
    this.#wantsToListen = true;
    this.#apply();
    this.#form ??= this.#wantedForm === 'opus' && await canDecodeOpus() ? 'opus' : 'pcm16';
    try {
      await Promise.all([this.#player.open(), this.#context.mayPlay()]);
    } catch {
      // A part of the page did not come.
      this.stopListening();
      this.#say(text('voice.no-start-listen'));
    }
    this.#followContext();
  }

  stopListening() {
    this.#wantsToListen = false;
    this.#connection.useSound('none');
    this.#player.close();
    this.#announce();
  }

  // Speaking.

  /** Whether the person has spoken up, and has a microphone. */
  get isSpeaking() {
    return this.#gate.isSpeaking;
  }

  /** Whether the others hear this member now. */
  get isOpen() {
    return this.#gate.isOpen && this.#microphone.isOn;
  }

  get isMuted() {
    return this.#gate.isMuted;
  }

  get isMutedByHost() {
    return this.#gate.isMutedByHost;
  }

  get isPushToTalk() {
    return this.#gate.isPushToTalk;
  }

  /** Sends the microphone, which is on, to the room. */
  async speak() {
    await this.#useMode();
    this.#gate.isSpeaking = true;
    this.#gate.isMuted = false;
    this.#apply();
  }

  /** Sends nothing any more, and stops the microphone. */
  stopSpeaking() {
    this.#gate.isSpeaking = this.#gate.isPushed = this.#gate.isCoughing = false;
    this.#apply();
    this.#microphone.stop();
  }

  /** @param {boolean} isMuted nobody hears a word more, from this call on */
  mute(isMuted) {
    this.#gate.isMuted = isMuted;
    this.#apply();
  }

  /** @param {boolean} isOn the microphone is open only while `push(true)` holds */
  usePushToTalk(isOn) {
    this.#gate.isPushToTalk = isOn;
    this.#gate.isPushed = false;
    this.#apply();
  }

  push(isPushed) {
    if (this.#gate.isPushed === isPushed) return;
    this.#gate.isPushed = isPushed;
    this.#apply();
  }

  /** @param {boolean} isCoughing closes the microphone for a moment */
  cough(isCoughing) {
    if (this.#gate.isCoughing === isCoughing) return;
    this.#gate.isCoughing = isCoughing;
    this.#apply();
  }

  /** Bytes of other things than sound that may wait for the network without harm to the sound. */
  set otherBytes(value) {
    this.#sender.otherBytes = value;
  }

  /** The sample time of a moment, for the picture of that moment; null where no sound was captured yet. */
  sampleTimeAt(time) {
    return this.#sender.sampleTimeAt(time);
  }

  // The air.

  get isOnAir() {
    return this.you?.on_air === true;
  }

  /** Whether the person agrees to be on the air. */
  get agrees() {
    return this.#agrees;
  }

  /** The person agrees to be on the air; or leaves the air at once, or answers no to the host who asks. */
  agree(on) {
    this.#agrees = on;
    this.#wasOnAir &&= on;
    this.#hasLeftAir = !on;
    this.airRequestBy = null;
    this.#connection.send({ type: 'agree', on });
    this.#announce();
  }

  /** Hears the programme of the room's stream in the mix, or no longer does. */
  hearProgramme(on) {
    this.hearsProgramme = on;
    this.#connection.send({ type: 'programme', on });
    this.#announce();
  }

  // The delays, ms.

  /** @returns {{capture: number?, playback: number?, rtt: number?, heard: number?}} `heard`: from here to the others */
  get delays() {
    const capture = this.#microphone.isOn ? this.#microphone.delay : null;
    const playback = this.#player.delay;
    const { rtt } = this.#connection;
    return { capture, playback, rtt, heard: capture === null ? null : ownDelay(capture, rtt, playback) };
  }

  /** The figures of the sound, for tests and for curious people. */
  get figures() {
    const { sent, dropped, form } = this.#sender;
    const { received, missing, queue } = this.#player;
    return {
      sent, dropped, form, received, missing, ...queue, ...this.delays, way: this.#microphone.way,
      receivedForm: this.#form,
    };
  }

  /** Leaves for good. */
  close() {
    this.#listeners.abort();
    clearInterval(this.#measureTimer);
    this.#wakeLock.want(false);
    this.#sender.close();
    this.#player.close();
    this.#microphone.close();
    this.#connection.onSound = () => {};
  }

  // The messages of the room.

  #hear(message) {
    switch (message.type) {
      case 'welcome': this.#enter(message); break;
      case 'members': this.#followMembers(message); break;
      case 'room': this.#followRoom(message); break;
      case 'voices': this.#useVoices(message.talkers); break;
      case 'air': this.#followAir(message); break;
      case 'air_request': this.#askForAir(message.by); break;
      case 'echo': this.#noteEcho(message.member); break;
      default:
    }
  }

  #enter({ you, room, members }) {
    this.hasVoices = room.voices === true && this.#connection.carriesSound;
    this.you = members.find(({ id }) => id === you.id) ?? you;
    this.talkers = new Map();
    // The server asks again where a host's request stands.
    this.airRequestBy = null;
    if (this.you.role === 'listener' && this.isSpeaking) this.stopSpeaking();
    if (!this.hasVoices) return this.#announce();
    this.#gate.forget();
    if (this.#hasLeftAir && (this.you.agreed || this.you.on_air)) {
      this.#connection.send({ type: 'agree', on: false });
      this.you = { ...this.you, agreed: false, on_air: false };
    }
    if (this.hearsProgramme) this.#connection.send({ type: 'programme', on: true });
    // A server that has started again has forgotten who was on the air. The person has not left the air. But the agreement
    // is for the streams that the person knew.
    const { source_of: streams = [] } = room;
    const staysOnAir = this.#wasOnAir && streams.some((name) => this.#streams.includes(name));
    this.#streams = streams;
    if (staysOnAir && this.you.agreed === false) this.#connection.send({ type: 'agree', on: true });
    this.#agrees = staysOnAir || this.you.agreed === true;
    this.#wasOnAir = false;
    this.#apply();
  }

  #followMembers({ joined = [], changed = [] }) {
    const you = [...joined, ...changed].find(({ id }) => id === this.you?.id);
    if (you === undefined) return;
    this.you = { ...this.you, ...you };
    this.#agrees = this.you.agreed === true;
    this.#gate.note(this.you.muted === true, performance.now());
    if (this.you.role === 'listener' && this.isSpeaking) this.stopSpeaking();
    this.#apply();
  }

  /** The requests of hosts end with the last stream of the room. */
  #followRoom({ source_of: streams = [] }) {
    this.#streams = streams;
    if (streams.length === 0) this.airRequestBy = null;
    this.#announce();
  }

  #followAir({ members }) {
    if (this.you === null) return;
    this.you = { ...this.you, on_air: members.includes(this.you.id) };
    if (this.isOnAir) this.airRequestBy = null;
    this.#announce();
  }

  #askForAir(by) {
    // The answer of a person who has just agreed is on its way.
    this.airRequestBy = this.#agrees ? null : by;
    this.#announce();
  }

  #noteEcho(member) {
    if (member === this.you?.id) this.echoAt = performance.now();
    this.#announce();
  }

  #useVoices(talkers) {
    const { playback, rtt } = this.delays;
    this.#voicesAt = performance.now();
    this.talkers = new Map(talkers.map(({ id, level, delay }) =>
      [id, { level, delay: heardDelay(delay, rtt, playback) }]));
    this.dispatchEvent(new Event('voices'));
  }

  // The state.

  #followRoad() {
    const { phase } = this.#connection.status;
    if (phase !== 'joined') {
      this.talkers = new Map();
      this.#noteAbsence(phase);
    }
    this.#announce();
  }

  /** A person whose road broke is on the air again later. A person who left the room, or was removed, is not. */
  #noteAbsence(phase) {
    if (phase === 'rejoining') this.#wasOnAir ||= this.isOnAir;
    if (phase === 'rejoining' || phase === 'joining') return;
    this.#wasOnAir = this.#agrees = this.#hasLeftAir = false;
    this.airRequestBy = null;
  }

  #followContext() {
    if (!this.#wantsToListen || this.#form === null) return;
    // Packets for a context that does not run would only pile up.
    this.#connection.useSound(this.#context.isRunning ? this.#form : 'none');
    this.#announce();
  }

  #followMicrophone() {
    if (this.#mode !== null && this.#microphone.mode !== this.#mode) this.#useMode();
    this.#apply();
  }

  async #useMode() {
    this.#mode = this.#microphone.mode;
    await this.#sender.use(this.#wantedForm, this.#mode);
  }

  /** Opens or closes the microphone, here first, and then on the server. */
  #apply() {
    this.#sender.isOpen = this.isOpen && this.hasVoices;
    // Before the person speaks up, the level meter needs the sound.
    this.#microphone.isEnabled = !this.#gate.isSpeaking || this.#gate.isOpen;
    const news = this.#speaksForMember ? this.#gate.news(performance.now()) : null;
    if (news !== null) this.#connection.send({ type: 'mute', on: news });
    this.#wakeLock.want(this.#gate.isSpeaking);
    this.#announce();
  }

  /** A member who uses no voices may be in a call, with a mute of its own. */
  get #speaksForMember() {
    const listens = this.#wantsToListen && !this.you?.call;
    return this.hasVoices && this.you?.role !== 'listener' && (listens || this.isSpeaking);
  }

  #measure() {
    const { capture, playback } = this.delays;
    const told = Object.entries({ capture, playback }).filter(([, value]) => value !== null);
    this.#connection.delays = Object.fromEntries(told.map(([name, value]) => [name, Math.round(value)]));
    if (this.#gate.isUnsettled) {
      this.#gate.settle(performance.now());
      this.#apply();
    }
    if (this.talkers.size > 0 && performance.now() - this.#voicesAt > VOICES_MS) this.#useVoices([]);
  }

  #say(text) {
    this.dispatchEvent(Object.assign(new Event('notice'), { text }));
  }

  #announce() {
    this.dispatchEvent(new Event('change'));
  }
}
