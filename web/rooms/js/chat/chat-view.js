// The log of a room: it shows the entries, stays at the end, and is walked through with the arrow keys.

import { make } from './elements.js';
import { makeEntry, placed } from './entry-view.js';

/** @typedef {import('../state/room-state.js').Entry} Entry */

/** A log that ends less than this below its frame shows its end, in CSS pixels. */
const END_SLACK = 48;

/**
 * Events: `end` when the log has reached or left its end.
 */
export class ChatView extends EventTarget {
  #list;
  #context;
  #nodes = new Map();
  #unconfirmed = [];
  #isAtEnd = true;
  /** The height of the log's frame, as far as the view has followed it. */
  #height = 0;

  /**
   * @param {HTMLElement} list an `ol` that scrolls
   * @param {object} context
   * @param {() => string[]} context.names of the members, for mentions
   * @param {() => string?} context.ownName
   * @param {(entry: Entry) => boolean} context.mayDelete
   * @param {(entry: Entry) => void} context.onDelete
   */
  constructor(list, context) {
    super();
    this.#list = list;
    this.#context = context;
    list.addEventListener('scroll', () => this.#noteScroll(), { passive: true });
    list.addEventListener('keydown', (event) => this.#walk(event));
    // The on-screen keyboard makes the log smaller.
    new ResizeObserver(() => {
      this.#height = list.clientHeight;
      this.#stay();
    }).observe(list);
  }

  /** Whether the end of the log is in sight. */
  get isAtEnd() {
    return this.#isAtEnd;
  }

  /**
   * @param {Entry[]} entries oldest first
   * @param {{firstUnreadKey?: string?, unconfirmed?: {text: string, nonce: string}[]}} [more] `unconfirmed`: the
   *   messages of this page that are on their way
   */
  render(entries, { firstUnreadKey = null, unconfirmed = [] } = {}) {
    const before = this.#nodes;
    this.#nodes = new Map();
    for (const node of this.#unconfirmed) node.remove();
    let previous = null;
    entries.forEach((entry, index) => {
      const place = placed(entry, entries[index - 1], firstUnreadKey, this.#context.mayDelete(entry));
      const known = before.get(entry.key);
      before.delete(entry.key);
      const node = known !== undefined && isSame(known.place, place) ? known.node : this.#make(place, known);
      if (!node.isConnected) {
        this.#list.insertBefore(node, previous === null ? this.#list.firstChild : previous.nextSibling);
      }
      this.#nodes.set(entry.key, { place, node });
      previous = node;
    });
    for (const { node } of before.values()) node.remove();
    this.#unconfirmed = unconfirmed.map(({ text }) => make(
      'li', { class: 'entry chat own unconfirmed', 'aria-busy': 'true' }, make('p', { class: 'text' }, text)));
    this.#list.append(...this.#unconfirmed);
    this.#stay();
  }

  showEnd() {
    this.#isAtEnd = true;
    this.#stay();
  }

  #make(place, known) {
    const { names, ownName, onDelete } = this.#context;
    const node = makeEntry(place, { names: names(), ownName: ownName(), onDelete });
    const hadFocus = known?.node.contains(document.activeElement);
    known?.node.replaceWith(node);
    if (hadFocus) node.focus();
    return node;
  }

  #stay() {
    if (this.#isAtEnd) this.#list.scrollTop = this.#list.scrollHeight;
  }

  #noteScroll() {
    const { scrollHeight, scrollTop, clientHeight } = this.#list;
    // A log that gets another height scrolls by itself. The observer puts it back to its end.
    if (clientHeight !== this.#height) return;
    const isAtEnd = scrollHeight - scrollTop - clientHeight < END_SLACK;
    if (isAtEnd === this.#isAtEnd) return;
    this.#isAtEnd = isAtEnd;
    this.dispatchEvent(new Event('end'));
  }

  #walk(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const entries = [...this.#nodes.values()];
    const here = entries.findIndex(({ node }) => node.contains(document.activeElement));
    if (event.key === 'Delete' && here >= 0) {
      const { entry, mayDelete } = entries[here].place;
      if (entry.kind === 'chat' && mayDelete) this.#context.onDelete(entry);
      return;
    }
    const last = entries.length - 1;
    const there = {
      ArrowUp: here < 0 ? last : Math.max(0, here - 1), ArrowDown: here < 0 ? last : Math.min(last, here + 1), Home: 0,
      End: last,
    }[event.key];
    if (there === undefined || entries[there] === undefined) return;
    event.preventDefault();
    entries[there].node.focus();
  }
}

const isSame = (one, other) => Object.keys(one).every((key) => one[key] === other[key]);
