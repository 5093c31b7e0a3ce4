// The media session: the lock screen, the media keys, the headset's button.

/** One press seeks by this much, back or forth. */
const STEP_SECONDS = 5;

/**
 * @param {import('../playback/player.js').Player} player
 * @param {string} streamName
 * @returns {(playing: import('../hls/date-range.js').NowPlaying?) => void} shows what plays on the lock screen
 */
export function connectMediaSession(player, streamName) {
  const session = navigator.mediaSession;
  if (!session) return () => {};
  const artwork = [
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
  for (const [action, handler] of Object.entries(actions)) {
    try {
      session.setActionHandler(action, handler);
    } catch {
      // This browser doesn't know the action.
    }
  }
  player.addEventListener('change', () => { session.playbackState = player.wantsToPlay ? 'playing' : 'paused'; });
  let shown;
  return (playing) => {
    if (playing === shown) return;
    shown = playing;
    session.metadata = new MediaMetadata(playing
      ? { title: playing.title ?? streamName, artist: playing.artist ?? '', album: streamName, artwork }
      : { title: streamName, artist: 'ringcast', artwork });
  };
}
