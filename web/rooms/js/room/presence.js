// Whether the person is there: the page is seen or hidden, and the network is there or not.

/** A page that is hidden for this long is away. */
const AWAY_MS = 10_000;

/**
 * @param {object} client
 * @param {() => void} client.onLook the page is seen again, or no longer
 * @param {() => void} client.onVisible the page is seen again
 * @param {() => void} client.onOnline the browser has a network again
 * @param {(isAway: boolean) => void} client.onAway
 * @returns {{isAway: () => boolean}}
 */
export function watchPresence({ onLook, onVisible, onOnline, onAway }) {
  let isAway = false;
  let timer;
  const setAway = (value) => {
    if (value === isAway) return;
    isAway = value;
    onAway(value);
  };
  document.addEventListener('visibilitychange', () => {
    clearTimeout(timer);
    onLook();
    if (document.hidden) {
      timer = setTimeout(() => setAway(true), AWAY_MS);
    } else {
      onVisible();
      setAway(false);
    }
  });
  addEventListener('online', onOnline);
  return { isAway: () => isAway };
}
