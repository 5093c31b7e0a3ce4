// A peer: the connection to one other member of the call, with its tracks. It negotiates by itself, and finds a new way
// through the network (an ICE restart) where the present way fails.

import { CandidateBatch } from './candidate-batch.js';
import { Negotiation } from './negotiation.js';

/** A connection that is interrupted often comes back by itself within this time. */
const FIRST_RESTART_MS = 3000;
const LAST_RESTART_MS = 24000;
/** The bits per second of a picture to one member. A member of a full call sends three. */
const MAX_VIDEO_BITRATE = 600_000;

/** @typedef {'connecting' | 'connected' | 'interrupted'} PeerState */

/**
 * Events: `track` when a track of the other member is there, `state` when the connection state has changed.
 */
export class Peer extends EventTarget {
  /** The tracks of the other member. */
  tracks = { audio: null, video: null };

  #connection;
  #negotiation;
  #batch;
  #own;
  #senders = { audio: null, video: null };
  #wasConnected = false;
  #restarts = 0;
  #timer = null;

  /**
   * @param {object} options
   * @param {RTCPeerConnection} options.connection new
   * @param {{audio: MediaStreamTrack?, video: MediaStreamTrack?}} options.own the tracks to send
   * @param {boolean} options.isInitiator whether this page makes the first offer. The other page does not.
   * @param {boolean} options.isPolite see `Negotiation`
   * @param {(signal: import('./negotiation.js').Signal) => void} options.send
   */
  constructor({ connection, own, isInitiator, isPolite, send }) {
    super();
    this.#connection = connection;
    this.#own = { ...own };
    this.#negotiation = new Negotiation(connection, { isPolite, send, prepareAnswer: () => this.#adoptTransceivers() });
    this.#batch = new CandidateBatch((candidates) => send({ kind: 'ice', candidates }));
    this.#listen();
    if (isInitiator) this.#addTransceivers();
  }

  /** @returns {PeerState} */
  get state() {
    if (this.#connection.connectionState === 'connected') return 'connected';
    return this.#wasConnected ? 'interrupted' : 'connecting';
  }

  /** The loudness of the other member now, 0 to 1. */
  get level() {
    const receiver = this.#connection.getReceivers().find(({ track }) => track === this.tracks.audio);
    return receiver?.getSynchronizationSources?.()[0]?.audioLevel ?? 0;
  }

  /** @param {import('./negotiation.js').Signal} signal */
  async receive(signal) {
    await this.#guard(this.#negotiation.receive(signal));
  }

  /**
   * Replaces the track that is sent, without a negotiation.
   * @param {'audio' | 'video'} kind
   * @param {MediaStreamTrack?} track
   */
  async setTrack(kind, track) {
    this.#own[kind] = track;
    await this.#guard(this.#senders[kind]?.replaceTrack(track));
  }

  /** @param {RTCIceServer[]} iceServers for the next way through the network */
  setIceServers(iceServers) {
    this.#connection.setConfiguration({ ...this.#connection.getConfiguration(), iceServers });
  }

  /** The page's connection to the room is back: signals may be lost. */
  resume() {
    if (this.#connection.signalingState === 'have-local-offer') this.#negotiation.resume();
    else if (this.state !== 'connected') this.#restart();
  }

  close() {
    clearTimeout(this.#timer);
    this.#negotiation.close();
    this.#batch.close();
    this.#connection.close();
  }

  #listen() {
    const connection = this.#connection;
    connection.addEventListener('negotiationneeded', () => this.#guard(this.#negotiation.offer()));
    connection.addEventListener('icecandidate', ({ candidate }) => {
      if (candidate) this.#batch.add(candidate.toJSON());
    });
    connection.addEventListener('track', ({ track }) => {
      this.tracks[track.kind] = track;
      this.dispatchEvent(new Event('track'));
    });
    connection.addEventListener('connectionstatechange', () => this.#followState());
  }

  #addTransceivers() {
    const connection = this.#connection;
    for (const kind of ['audio', 'video']) {
      const sendEncodings = kind === 'video' ? [{ maxBitrate: MAX_VIDEO_BITRATE }] : [{}];
      const { sender } = connection.addTransceiver(kind, { direction: 'sendrecv', sendEncodings });
      this.#senders[kind] = sender;
      this.#guard(sender.replaceTrack(this.#own[kind]));
    }
  }

  /** The first offer has made the transceivers: this page sends by the same ones. */
  async #adoptTransceivers() {
    for (const transceiver of this.#connection.getTransceivers()) {
      const { kind } = transceiver.receiver.track;
      if (this.#senders[kind] !== null) continue;
      this.#senders[kind] = transceiver.sender;
      transceiver.direction = 'sendrecv';
      await transceiver.sender.replaceTrack(this.#own[kind]);
      if (kind === 'video') await limitBitrate(transceiver.sender);
    }
  }

  #followState() {
    const { connectionState } = this.#connection;
    if (connectionState === 'connected') {
      this.#wasConnected = true;
      this.#restarts = 0;
      clearTimeout(this.#timer);
      this.#timer = null;
    } else if (connectionState === 'failed') {
      this.#restart();
    } else if (connectionState === 'disconnected') {
      this.#restartLater();
    }
    this.dispatchEvent(new Event('state'));
  }

  #restart() {
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#restarts += 1;
    this.#connection.restartIce();
    this.#restartLater();
  }

  #restartLater() {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      if (this.state !== 'connected') this.#restart();
    }, restartDelayMs(this.#restarts));
  }

  /** Reports an error of the connection. A connection that was closed meanwhile reports nothing. */
  async #guard(promise) {
    try {
      await promise;
    } catch (error) {
      if (this.#connection.signalingState !== 'closed') console.warn('call:', error);
    }
  }
}

/** The wait before the next ICE restart, after a number of restarts in a row. */
export const restartDelayMs = (restarts) => Math.min(LAST_RESTART_MS, FIRST_RESTART_MS * 2 ** restarts);

async function limitBitrate(sender) {
  const parameters = sender.getParameters();
  // Before the negotiation, some browsers have no encodings to limit.
  if (!parameters.encodings?.length) return;
  for (const encoding of parameters.encodings) encoding.maxBitrate = MAX_VIDEO_BITRATE;
  await sender.setParameters(parameters);
}
