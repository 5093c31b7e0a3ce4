// Which messages the person has not seen yet.

/** The entries that are worth a look. */
const isNews = ({ kind, isOwn }) => !isOwn && ['chat', 'prompt', 'result'].includes(kind);

/**
 * Counts the news since the person last looked at the end of the log, and remembers where they begin.
 */
export class Unread {
  count = 0;
  mentionCount = 0;
  /** The key of the first entry that was not seen; null where all were seen. It stays while the person reads. */
  firstKey = null;
  #seenKeys = new Set();
  #isLooking = true;

  /**
   * @param {boolean} isLooking whether the page is visible and its log shows the end
   * @param {import('./room-state.js').Entry[]} entries
   */
  look(isLooking, entries) {
    if (!isLooking && this.#isLooking) this.firstKey = null;
    this.#isLooking = isLooking;
    this.update(entries);
  }

  /** Takes the entries after a change. @param {import('./room-state.js').Entry[]} entries */
  update(entries) {
    const fresh = entries.filter(({ key }) => !this.#seenKeys.has(key));
    if (this.#isLooking) {
      this.count = this.mentionCount = 0;
      for (const { key } of fresh) this.#seenKeys.add(key);
      return;
    }
    const news = fresh.filter(isNews);
    this.count = news.length;
    this.mentionCount = news.filter(({ isMention }) => isMention).length;
    this.firstKey ??= news[0]?.key ?? null;
  }

  /**
   * Marks the messages up to `lastSeen`, the number that the tab has kept, as seen; the later ones are news.
   * @param {import('./room-state.js').Entry[]} entries of a page that was loaded again
   */
  resume(lastSeen, entries) {
    this.firstKey = entries.find((entry) => isNews(entry) && entry.id > lastSeen)?.key ?? null;
    this.update(entries);
  }
}
