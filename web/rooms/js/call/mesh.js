// The mesh: the peers of this page, one for each other member of the call. It performs what the roster decides.

import { Peer } from './peer.js';
import { Roster } from './roster.js';

/**
 * Events: `change` when a peer came, went or has changed.
 */
export class Mesh extends EventTarget {
  /** @type {Map<unknown, Peer>} by the id of the member */
  peers = new Map();
  /** The id of this page's member. */
  you;

  #roster;
  #send;
  #makeConnection;
  #iceServers = [];
  #tracks = { audio: null, video: null };

  /**
   * @param {object} options
   * @param {unknown} options.you the id of this page's member
   * @param {string} options.tag a random text, new for each call
   * @param {(message: object) => void} options.send sends a message to the server
   * @param {(configuration: RTCConfiguration) => RTCPeerConnection} options.makeConnection
   */
  constructor({ you, tag, send, makeConnection }) {
    super();
    this.you = you;
    this.#roster = new Roster(you, tag);
    this.#send = send;
    this.#makeConnection = makeConnection;
  }

  /** @param {{ice: RTCIceServer[], members: unknown[]}} answer of the server to the wish to join */
  joined({ ice, members }) {
    this.#iceServers = ice;
    for (const peer of this.peers.values()) peer.setIceServers(ice);
    this.#perform(this.#roster.joined(members));
  }

  /** @param {{from: unknown, kind: string}} signal */
  receive(signal) {
    this.#perform(this.#roster.receive(signal));
  }

  /** @param {unknown[]} ids the members that have left the call */
  leftCall(ids) {
    this.#perform(this.#roster.leftCall(ids));
  }

  /** @param {unknown[]} ids the members that have left the room */
  left(ids) {
    this.#perform(this.#roster.left(ids));
  }

  /**
   * @param {unknown[]} ids the members in the call
   * @param {number} nowSeconds of a monotonic clock
   */
  present(ids, nowSeconds) {
    this.#perform(this.#roster.present(ids, nowSeconds));
  }

  /**
   * @param {'audio' | 'video'} kind
   * @param {MediaStreamTrack?} track
   */
  setTrack(kind, track) {
    if (this.#tracks[kind] === track) return;
    this.#tracks[kind] = track;
    for (const peer of this.peers.values()) peer.setTrack(kind, track);
  }

  /** The page's connection to the room is back. */
  resume() {
    for (const peer of this.peers.values()) peer.resume();
  }

  close() {
    for (const peer of this.peers.values()) peer.close();
    this.peers.clear();
  }

  #perform(actions) {
    for (const action of actions) {
      const { type, id } = action;
      switch (type) {
        case 'connect': this.#add(id, true); break;
        case 'accept': this.#add(id, false); break;
        case 'deliver': this.peers.get(id)?.receive(action.signal); break;
        default:
          this.peers.get(id)?.close();
          this.peers.delete(id);
      }
      if (type !== 'deliver') this.#announce();
    }
  }

  #add(id, isInitiator) {
    const roster = this.#roster;
    const peer = new Peer({
      connection: this.#makeConnection({ iceServers: this.#iceServers }),
      own: this.#tracks,
      isInitiator,
      isPolite: roster.isPolite(id),
      send: ({ kind, ...fields }) =>
        this.#send({ type: kind, to: id, tag: roster.tag, for: roster.tagOf(id), ...fields }),
    });
    for (const type of ['track', 'state']) peer.addEventListener(type, () => this.#announce());
    this.peers.set(id, peer);
  }

  #announce() {
    this.dispatchEvent(new Event('change'));
  }
}
