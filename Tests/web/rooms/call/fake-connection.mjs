// A peer connection without a network: the state machine of WebRTC's signaling (W3C WebRTC §4.3.1), with the rollback
// of an offer. Two of them are connected when each has the description of the other.

let made = 0;

export class FakeConnection extends EventTarget {
  signalingState = 'stable';
  connectionState = 'new';
  localDescription = null;
  remoteDescription = null;
  configuration;
  transceivers = [];
  candidates = [];
  restarts = 0;
  rollbacks = 0;

  #name = `connection${++made}`;
  #generation = 0;
  #remoteGeneration = 0;
  #isNegotiationNeeded = false;
  #isEventQueued = false;

  constructor(configuration = {}) {
    super();
    this.configuration = configuration;
  }

  // Everything takes a turn of the event loop, as in a browser, so that messages cross.
  async setLocalDescription() {
    await turn();
    this.#checkOpen();
    const isAnswer = this.signalingState === 'have-remote-offer';
    if (!isAnswer) this.#generation += 1;
    this.localDescription = {
      type: isAnswer ? 'answer' : 'offer',
      sdp: `${this.#name} a=ice-ufrag:${this.#name}.${this.#generation} media:${this.#media()}`,
    };
    this.#isNegotiationNeeded = false;
    this.#setSignalingState(isAnswer ? 'stable' : 'have-local-offer');
    queueMicrotask(() => this.#find());
  }

  async setRemoteDescription({ type, sdp }) {
    if (typeof sdp !== 'string') throw new TypeError('no description');
    const isRollback = type === 'offer' && this.signalingState === 'have-local-offer';
    if (isRollback) {
      this.rollbacks += 1;
      this.localDescription = null;
      this.#isNegotiationNeeded = this.transceivers.some(({ isNegotiated }) => !isNegotiated);
      this.#setSignalingState('stable');
    }
    await turn();
    this.#checkOpen();
    const wanted = type === 'offer' ? 'stable' : 'have-local-offer';
    if (this.signalingState !== wanted) throw new Error(`${type} in ${this.signalingState}`);
    this.remoteDescription = { type, sdp };
    if (type === 'offer') this.#takeMedia(Number(/media:(\d+)/.exec(sdp)[1]));
    this.#setSignalingState(type === 'offer' ? 'have-remote-offer' : 'stable');
  }

  async addIceCandidate(candidate) {
    await turn();
    if (!this.remoteDescription?.sdp.includes(`a=ice-ufrag:${candidate.usernameFragment} `)) {
      throw new Error('no description has the candidate’s ufrag');
    }
    this.candidates.push(candidate);
  }

  addTransceiver(kind) {
    return this.#transceiver(kind, false);
  }

  getTransceivers() {
    return this.transceivers;
  }

  getReceivers() {
    return this.transceivers.map(({ receiver }) => receiver);
  }

  getConfiguration() {
    return this.configuration;
  }

  setConfiguration(configuration) {
    this.configuration = configuration;
  }

  restartIce() {
    this.restarts += 1;
    this.#needNegotiation();
  }

  close() {
    this.signalingState = 'closed';
    this.connectionState = 'closed';
  }

  /** The network does something. */
  become(connectionState) {
    this.connectionState = connectionState;
    this.dispatchEvent(new Event('connectionstatechange'));
  }

  #transceiver(kind, isNegotiated) {
    const transceiver = {
      kind, isNegotiated, direction: isNegotiated ? 'recvonly' : 'sendrecv',
      receiver: { track: { kind, from: 'remote' } },
      sender: {
        track: null,
        async replaceTrack(track) { this.track = track; },
        getParameters: () => ({ encodings: [{}] }),
        async setParameters(parameters) { this.parameters = parameters; },
      },
    };
    this.transceivers.push(transceiver);
    if (!isNegotiated) this.#needNegotiation();
    return transceiver;
  }

  /** A media section of an offer matches a transceiver that was negotiated; for others it makes one. */
  #takeMedia(count) {
    const kinds = ['audio', 'video'];
    while (this.transceivers.filter(({ isNegotiated }) => isNegotiated).length < count) {
      const kind = kinds[this.transceivers.filter(({ isNegotiated }) => isNegotiated).length % 2];
      const { receiver: { track } } = this.#transceiver(kind, true);
      this.dispatchEvent(Object.assign(new Event('track'), { track }));
    }
  }

  #media() {
    return this.transceivers.length;
  }

  #find() {
    if (this.signalingState === 'closed') return;
    const candidate = {
      candidate: `candidate of ${this.#name}`, usernameFragment: `${this.#name}.${this.#generation}`,
    };
    this.dispatchEvent(Object.assign(new Event('icecandidate'), { candidate: { ...candidate, toJSON: () => candidate } }));
  }

  #setSignalingState(state) {
    this.signalingState = state;
    if (state !== 'stable') return;
    if (this.localDescription && this.remoteDescription) {
      for (const transceiver of this.transceivers) transceiver.isNegotiated = true;
    }
    if (this.#isNegotiationNeeded) this.#queueEvent();
  }

  #needNegotiation() {
    this.#isNegotiationNeeded = true;
    this.#queueEvent();
  }

  /** §4.7.3: the event comes later, and only in the state `stable`. */
  #queueEvent() {
    if (this.#isEventQueued) return;
    this.#isEventQueued = true;
    queueMicrotask(() => {
      this.#isEventQueued = false;
      if (this.#isNegotiationNeeded && this.signalingState === 'stable') {
        this.dispatchEvent(new Event('negotiationneeded'));
      }
    });
  }

  #checkOpen() {
    if (this.signalingState === 'closed') throw new Error('closed');
  }
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Lets everything happen that needs no time. */
export async function settle() {
  for (let i = 0; i < 30; i++) await turn();
}
