// The way onto the air and off the air: an event comes in, commands go out.

/**
 * @typedef {'off' | 'starting' | 'on' | 'broken' | 'stopping'} AirPhase
 *   `starting`: the person wants to be on the air and has not been yet. `broken`: the person was on the air, and comes
 *   back by itself. `stopping`: the person has left, and the server has not said so yet.
 *
 * @typedef {'microphone' | 'taken-off' | 'refused' | 'ended'} AirProblem the reason for which the page left the air
 *
 * @typedef {{type: 'go'} | {type: 'stop'} | {type: 'mute', on: boolean}
 *   | {type: 'sound'} | {type: 'no-sound'}
 *   | {type: 'joined', isOnAir: boolean, hasAgreed: boolean, resumesFrom: number?}
 *   | {type: 'lost'} | {type: 'ended'} | {type: 'refused'}
 *   | {type: 'air', isOnAir: boolean}} AirEvent
 *   `sound`: the microphone gives sound. `joined`: the page is in the room, and the server tells what it knows of this
 *   member; `resumesFrom` is the time of `since` of this tab's earlier page, where that page was on the air. `lost`: the
 *   road to the server is broken. `refused`: the server does not let this member onto the air.
 *
 * @typedef {{do: 'open-microphone'} | {do: 'claim', isMuted: boolean} | {do: 'mute', on: boolean}
 *   | {do: 'disagree'} | {do: 'close-microphone'}} AirCommand
 *   `claim`: the page sends the microphone's sound, and tells the server that the person agrees to be on the air.
 *   `disagree`: the person no longer agrees.
 */

export class OnAir {
  /** Whether the person has muted the microphone. */
  isMuted = false;
  /** Since when the person has been on the air, interruptions included, seconds; null before. */
  since = null;
  /** Since when the line has been broken, seconds; null where the line is well. */
  brokenSince = null;
  /** @type {AirProblem?} */
  problem = null;

  #wantsAir = false;
  #hasSound = false;
  #isJoined = false;
  #isOnAir = false;
  /** Whether this page has claimed the air on the present road. */
  #hasClaimed = false;

  /** Whether the person wants to be on the air. */
  get wantsAir() {
    return this.#wantsAir;
  }

  /** @returns {AirPhase} */
  get phase() {
    const isOn = this.#isJoined && this.#isOnAir;
    if (!this.#wantsAir) return isOn ? 'stopping' : 'off';
    if (isOn && this.#hasSound) return 'on';
    return this.since === null ? 'starting' : 'broken';
  }

  /**
   * @param {AirEvent} event
   * @param {number} now seconds of a monotonic clock
   * @returns {AirCommand[]}
   */
  handle(event, now) {
    const commands = this.#take(event, now);
    if (this.phase === 'on') {
      this.since ??= now;
      this.brokenSince = null;
    } else if (this.phase === 'broken') {
      this.brokenSince ??= now;
    } else {
      this.brokenSince = null;
    }
    return commands;
  }

  #take(event, now) {
    switch (event.type) {
      case 'go': return this.#go();
      case 'stop': return this.#leave(null);
      case 'mute': return this.#mute(event.on);
      case 'sound': this.#hasSound = true; return this.#claim();
      case 'no-sound': return this.#loseSound();
      case 'joined': return this.#join(event, now);
      case 'lost': this.#isJoined = this.#hasClaimed = false; return [];
      case 'ended': this.#isJoined = this.#hasClaimed = false; return this.#wantsAir ? this.#leave('ended') : [];
      case 'refused': return this.#wantsAir ? this.#leave('refused') : [];
      case 'air': return this.#learn(event.isOnAir);
      default: throw new TypeError(`the air knows no event ${event.type}`);
    }
  }

  #go() {
    if (this.#wantsAir) return [];
    this.#wantsAir = true;
    this.problem = this.since = null;
    return this.#hasSound ? this.#claim() : [{ do: 'open-microphone' }];
  }

  #leave(problem) {
    this.#wantsAir = this.#hasClaimed = this.#hasSound = false;
    this.problem = problem;
    this.isMuted = false;
    return [{ do: 'disagree' }, { do: 'close-microphone' }];
  }

  #mute(on) {
    if (!this.#wantsAir) return [];
    this.isMuted = on;
    return this.#hasClaimed ? [{ do: 'mute', on }] : [];
  }

  /** A person on the air stays there: the microphone may come back. */
  #loseSound() {
    this.#hasSound = false;
    return this.#wantsAir && this.since === null ? this.#leave('microphone') : [];
  }

  #join({ isOnAir, hasAgreed, resumesFrom }) {
    this.#isJoined = true;
    this.#isOnAir = isOnAir;
    this.#hasClaimed = false;
    if (!this.#wantsAir && hasAgreed && resumesFrom !== null) {
      this.#wantsAir = true;
      this.since = resumesFrom;
    }
    if (this.#wantsAir) return this.#hasSound ? this.#claim() : [{ do: 'open-microphone' }];
    // An agreement that the person has taken back since counts no more.
    return hasAgreed ? [{ do: 'disagree' }] : [];
  }

  #claim() {
    if (!this.#wantsAir || !this.#hasSound || !this.#isJoined || this.#hasClaimed) return [];
    this.#hasClaimed = true;
    return [{ do: 'claim', isMuted: this.isMuted }];
  }

  #learn(isOnAir) {
    const wasOn = this.#wantsAir && this.#isJoined && this.#isOnAir;
    this.#isOnAir = isOnAir;
    // The agreement ends, too: nobody puts this member back without a word in this page.
    return wasOn && !isOnAir ? this.#leave('taken-off') : [];
  }
}
