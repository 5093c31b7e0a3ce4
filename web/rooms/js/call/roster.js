// The roster: decides with which members of the call this page has a peer, and to which peer a signal belongs. It does
// no I/O: each input returns actions.
//
// A page that joins the call makes an offer to each member that is in the call already. Each time that a page joins, it
// takes a new random tag. Each signal carries the tag of its sender and, where known, that of its receiver: a signal to a
// page that has joined again since then is dropped, and an offer with a new tag replaces the peer.

/**
 * @typedef {{type: 'connect' | 'accept' | 'close', id: unknown} | {type: 'deliver', id: unknown, signal: object}} Action
 * `connect`: make a peer that makes the first offer. `accept`: make a peer that waits for the offer that comes next.
 */

/** The server keeps the place of a member whose connection is broken for 30 s. The peer connection may well work. */
const ABSENT_SECONDS = 40;

export class Roster {
  #you;
  #tag;
  /** For each member with a peer: the tag of its page, if known, and the time since which the member is missing. */
  #peers = new Map();

  /**
   * @param {unknown} you the id of this page's member
   * @param {string} tag of this page in this call
   */
  constructor(you, tag) {
    this.#you = you;
    this.#tag = tag;
  }

  get tag() {
    return this.#tag;
  }

  /** The tag of a member's page, null where unknown. */
  tagOf(id) {
    return this.#peers.get(id)?.tag ?? null;
  }

  /** Whether this page gives way where both make an offer. */
  isPolite(id) {
    return this.#you < id;
  }

  /**
   * The server's answer to the wish to join.
   * @param {unknown[]} ids the members that are in the call
   * @returns {Action[]}
   */
  joined(ids) {
    const missing = ids.filter((id) => id !== this.#you && !this.#peers.has(id));
    return missing.map((id) => {
      this.#peers.set(id, { tag: null, missingSince: null });
      return { type: 'connect', id };
    });
  }

  /**
   * @param {{from: unknown, kind: string, tag: string, for: string?}} signal
   * @returns {Action[]}
   */
  receive(signal) {
    const { from: id, kind, tag } = signal;
    if (id === this.#you || (signal.for ?? this.#tag) !== this.#tag) return [];
    const deliver = { type: 'deliver', id, signal };
    const peer = this.#peers.get(id);
    if (peer?.tag === tag) return [deliver];
    // This page's first offer may cross with the other page's first offer. The polite page takes that of the other.
    if (peer?.tag === null && (kind !== 'offer' || !this.isPolite(id))) {
      if (kind !== 'answer') return [];
      peer.tag = tag;
      return [deliver];
    }
    if (kind !== 'offer') return [];
    this.#peers.set(id, { tag, missingSince: null });
    return [...(peer ? [{ type: 'close', id }] : []), { type: 'accept', id }, deliver];
  }

  /**
   * The members that have left the call. A member that was missing has not left: its page says soon that it is in the
   * call.
   * @param {unknown[]} ids
   * @returns {Action[]}
   */
  leftCall(ids) {
    return this.left(ids.filter((id) => this.#peers.get(id)?.missingSince === null));
  }

  /**
   * The members that have left the room.
   * @param {unknown[]} ids
   * @returns {Action[]}
   */
  left(ids) {
    return ids.filter((id) => this.#peers.delete(id)).map((id) => ({ type: 'close', id }));
  }

  /**
   * The members that are in the call by the server's list. A member may be missing for a moment, after a restart of the
   * server: its peer stays for a while.
   * @param {unknown[]} ids
   * @param {number} nowSeconds of a monotonic clock
   * @returns {Action[]}
   */
  present(ids, nowSeconds) {
    for (const [id, peer] of this.#peers) {
      peer.missingSince = ids.includes(id) ? null : peer.missingSince ?? nowSeconds;
    }
    const gone = [...this.#peers].filter(
      ([, { missingSince }]) => missingSince !== null && nowSeconds - missingSince >= ABSENT_SECONDS);
    return this.left(gone.map(([id]) => id));
  }
}
