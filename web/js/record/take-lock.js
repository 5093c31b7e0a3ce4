// The lock of a take: one tab at a time records or sends it. The lock ends with the tab.

/** A page that is loaded again may come before the browser has ended the lock of the page before, ms. */
const PATIENCE_MS = 500;

/**
 * @param {string} key of the take
 * @param {LockManager?} [locks]
 * @returns {Promise<(() => void)?>} lets go of the take; null where another tab holds it
 */
export function holdTake(key, locks = globalThis.navigator?.locks ?? null, patience = PATIENCE_MS) {
  // Without https there are no locks, and no recordings either: a file is of one tab.
  if (locks === null) return Promise.resolve(() => {});
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), patience);
  return new Promise((resolve) => {
    locks.request(`ringcast-record ${key}`, { signal: controller.signal }, () => {
      clearTimeout(timer);
      return new Promise((release) => { resolve(() => release()); });
    }).catch(() => resolve(controller.signal.aborted ? null : () => {}));
  });
}

/** A recorder that has just begun has no bytes yet, ms. */
const YOUNG_MS = 60_000;

/**
 * Takes the oldest take that an earlier page has left, and that no other tab holds. Empty takes are removed.
 * @param {{all: Function, remove: Function}} store
 * @param {number} now ms since 1970
 * @returns {Promise<{facts: import('./take-store.js').TakeFacts, sizes: number[], letGo: () => void}?>}
 */
export async function heldTake(store, now, hold = holdTake) {
  const byAge = (a, b) => a.facts.started - b.facts.started;
  for (const { facts: { key } } of (await store.all()).sort(byAge)) {
    const letGo = await hold(key);
    if (letGo === null) continue;
    // Another tab may have finished the take before this one held it.
    const left = (await store.all()).find(({ facts }) => facts.key === key);
    if (left && left.sizes.length > 0) return { ...left, letGo };
    if (left && now - left.facts.started >= YOUNG_MS) await store.remove(key);
    letGo();
  }
  return null;
}
