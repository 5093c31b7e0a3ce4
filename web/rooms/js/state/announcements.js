// The words of a screen reader about new messages: little, and not one by one.

import { text } from '../../../js/language/texts.js';
import { nameList } from '../text/sentences.js';

/** More messages than this are only counted. */
const MOST_READ = 2;
const SPOKEN = ['chat', 'prompt', 'result'];
const LONGEST = 200;

/**
 * Collects the news between two announcements.
 */
export class Announcements {
  #knownKeys = null;
  #waiting = [];

  /**
   * Takes the entries after a change. The entries of the first call are old.
   * @returns {boolean} whether there is news
   */
  update(entries) {
    const known = this.#knownKeys;
    this.#knownKeys = new Set(entries.map(({ key }) => key));
    if (known === null) return false;
    this.#waiting.push(...entries.filter(({ key, kind, isOwn }) => !known.has(key) && !isOwn && SPOKEN.includes(kind)));
    return this.#waiting.length > 0;
  }

  /** @returns {string} what to say now */
  take() {
    const entries = this.#waiting;
    this.#waiting = [];
    if (entries.length <= MOST_READ) return entries.map(spoken).join(' ');
    const names = [...new Set(entries.map(({ name }) => name).filter(Boolean))];
    const values = { count: entries.length, names: nameList(names) };
    const news = text(names.length > 0 ? 'room.spoken-from' : 'room.spoken-count', values);
    return entries.some(({ isMention }) => isMention) ? `${news} ${text('room.spoken-mention')}` : news;
  }
}

function spoken({ kind, name, text: words, isMention }) {
  const short = words.length > LONGEST ? `${words.slice(0, LONGEST)}…` : words;
  switch (kind) {
    case 'chat': return text(isMention ? 'room.spoken-by-mention' : 'room.spoken-by', { name, text: short });
    case 'result': return text('room.spoken-result', { text: short });
    default: return short;
  }
}
