// The texts that a screen reader says without being asked: new messages together, and how many members there are.

import { setText } from '../chat/elements.js';
import { Announcements } from '../state/announcements.js';
import { memberCount } from '../text/sentences.js';

/** New messages are read together, at most this often. */
const PAUSE_MS = 2500;

/**
 * @param {HTMLElement} messages a live region
 * @param {HTMLElement} count another live region
 * @returns {{noteEntries: Function, noteCount: Function}}
 */
export function makeLiveRegions(messages, count) {
  const announcements = new Announcements();
  const sayMessages = later(() => { messages.textContent = announcements.take(); });
  let members = 0;
  const sayCount = later(() => setText(count, memberCount(members)));
  return {
    /** @param {import('../state/room-state.js').Entry[]} entries all entries */
    noteEntries(entries) {
      if (announcements.update(entries)) sayMessages();
    },
    /** @param {number} value */
    noteCount(value) {
      members = value;
      sayCount();
    },
  };
}

/** The function calls `action` once for all calls within the pause. */
function later(action) {
  let timer = null;
  return () => {
    timer ??= setTimeout(() => { timer = null; action(); }, PAUSE_MS);
  };
}
