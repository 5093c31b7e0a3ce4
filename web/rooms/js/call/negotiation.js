// Negotiation: two pages agree on their peer connection. It is the "perfect negotiation" of the WebRTC specification
// (W3C WebRTC §10.7), with one addition: messages may be lost while a page's connection to the room is broken, so that
// an offer without an answer is sent again.

/** An offer that has no answer after this time is sent again. */
const RESEND_MS = 5000;

/**
 * A signal between two pages: `offer` and `answer` carry `sdp` and the `number` of the offer, `ice` carries
 * `candidates`.
 * @typedef {{kind: 'offer' | 'answer' | 'ice', number?: number, sdp?: string, candidates?: RTCIceCandidateInit[]}} Signal
 */

export class Negotiation {
  #connection;
  #isPolite;
  #send;
  #prepareAnswer;
  #isMakingOffer = false;
  #isSettingAnswer = false;
  #ignoresOffer = false;
  /** The number of the newest own offer. */
  #number = 0;
  #timer;

  /**
   * @param {RTCPeerConnection} connection
   * @param {object} options
   * @param {boolean} options.isPolite whether this page gives way where both pages make an offer. The other page has the
   *   opposite value.
   * @param {(signal: Signal) => void} options.send
   * @param {() => Promise<void>} options.prepareAnswer called between a remote offer and the answer
   */
  constructor(connection, { isPolite, send, prepareAnswer }) {
    this.#connection = connection;
    this.#isPolite = isPolite;
    this.#send = send;
    this.#prepareAnswer = prepareAnswer;
  }

  /** Makes an offer and sends it: for the event `negotiationneeded`. */
  async offer() {
    this.#isMakingOffer = true;
    try {
      await this.#connection.setLocalDescription();
      if (this.#connection.signalingState !== 'have-local-offer') return;
      this.#number += 1;
      this.#sendOffer();
    } finally {
      this.#isMakingOffer = false;
    }
  }

  /** @param {Signal} signal */
  async receive(signal) {
    switch (signal.kind) {
      case 'offer': return this.#receiveOffer(signal);
      case 'answer': return this.#receiveAnswer(signal);
      case 'ice': return this.#addCandidates(signal.candidates ?? []);
      default: return undefined;
    }
  }

  /** Sends the offer that waits for an answer again, because either may be lost. */
  resume() {
    if (this.#connection.signalingState === 'have-local-offer') this.#sendOffer();
  }

  close() {
    clearTimeout(this.#timer);
  }

  #sendOffer() {
    clearTimeout(this.#timer);
    // The local description has all candidates that were found so far.
    this.#send({ kind: 'offer', number: this.#number, sdp: this.#connection.localDescription.sdp });
    this.#timer = setTimeout(() => this.resume(), RESEND_MS);
  }

  async #receiveOffer({ number, sdp }) {
    const connection = this.#connection;
    const isReady = !this.#isMakingOffer && (connection.signalingState === 'stable' || this.#isSettingAnswer);
    this.#ignoresOffer = !isReady && !this.#isPolite;
    if (this.#ignoresOffer) return;
    // The polite page's own offer is rolled back by this call.
    await connection.setRemoteDescription({ type: 'offer', sdp });
    await this.#prepareAnswer();
    await connection.setLocalDescription();
    this.#send({ kind: 'answer', number, sdp: connection.localDescription.sdp });
  }

  async #receiveAnswer({ number, sdp }) {
    // An offer that was sent twice is answered twice, and the second answer may come after the next offer.
    if (number !== this.#number || this.#isSettingAnswer) return;
    if (this.#connection.signalingState !== 'have-local-offer') return;
    this.#isSettingAnswer = true;
    try {
      await this.#connection.setRemoteDescription({ type: 'answer', sdp });
      clearTimeout(this.#timer);
    } finally {
      this.#isSettingAnswer = false;
    }
  }

  async #addCandidates(candidates) {
    for (const candidate of candidates) {
      try {
        await this.#connection.addIceCandidate(candidate);
      } catch (error) {
        // A candidate of an offer that was ignored, or of one that a newer offer has replaced, fits no description.
        if (!this.#ignoresOffer && !isOfAnotherDescription(candidate, this.#connection)) throw error;
      }
    }
  }
}

/** Whether a candidate belongs to a description that the connection does not have. */
const isOfAnotherDescription = ({ usernameFragment }, { remoteDescription }) =>
  remoteDescription === null || !remoteDescription.sdp.includes(`a=ice-ufrag:${usernameFragment ?? ''}`);
