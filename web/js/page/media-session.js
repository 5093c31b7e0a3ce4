// The media session: the lock screen, the media keys, the headset's button.

/** One press seeks by this much, back or forth. */
const STEP_SECONDS = 5;

/**
 * The texts of the lock screen.
 * @param {import('../hls/date-range.js').NowPlaying?} playing
 * @param {Pick<import('./names.js').Names, 'stream' | 'station'>} names
 */
export const lockScreenTexts = (playing, { stream, station }) => (playing
  ? { title: playing.title ?? stream, artist: playing.artist ?? '', album: station ?? stream }
  : { title: stream, artist: station === stream ? '' : station ?? 'ringcast', album: '' });

/** The address of the logo that the server has written into the head of the page; undefined where there is none. */
export function logoInHead() {
  const path = document.querySelector('meta[name="ringcast-logo"]')?.content;
  return path && new URL(path, document.baseURI).href;
}

/**
 * @param {import('../playback/player.js').Player} player
 * @param {string} [logo] the absolute address of the picture
 * @returns {{show: (playing: import('../hls/date-range.js').NowPlaying?, names: object) => void, close: () => void}}
 *   `show` tells the lock screen the present sound; `close` empties the lock screen
 */
export function connectMediaSession(player, logo = logoInHead()) {
  const session = navigator.mediaSession;
  if (!session) return { show() {}, close() {} };
  const artwork = logo ? [{ src: logo }] : [
    { src: new URL('icon.png', document.baseURI).href, sizes: '512x512', type: 'image/png' },
    { src: new URL('icon.svg', document.baseURI).href, sizes: 'any', type: 'image/svg+xml' },
  ];
  const actions = {
    play: () => player.play(),
    pause: () => player.pause(),
    stop: () => player.pause(),
    seekbackward: ({ seekOffset }) => player.goTo(player.behindEdgeSeconds + (seekOffset || STEP_SECONDS)),
    seekforward: ({ seekOffset }) => player.goTo(player.behindEdgeSeconds - (seekOffset || STEP_SECONDS)),
    nexttrack: () => player.goLive(),
  };
  for (const [action, handler] of Object.entries(actions)) setHandler(session, action, handler);
  // The event comes for the last time before the player is closed.
  player.addEventListener('change', () => { session.playbackState = player.wantsToPlay ? 'playing' : 'paused'; });
  let shown;
  return {
    show(playing, names) {
      const texts = lockScreenTexts(playing, names);
      const key = JSON.stringify(texts);
      if (key === shown) return;
      shown = key;
      session.metadata = new MediaMetadata({ ...texts, artwork });
    },
    close() {
      for (const action of Object.keys(actions)) setHandler(session, action, null);
      session.metadata = null;
      session.playbackState = 'none';
    },
  };
}

function setHandler(session, action, handler) {
  try {
    session.setActionHandler(action, handler);
  } catch {
    // This browser doesn't know the action.
  }
}
