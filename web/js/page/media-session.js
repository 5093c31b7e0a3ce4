// The lock screen, the media keys, the headset's button.

/** Seconds that one press goes back or forth. */
const STEP_SECONDS = 5;

/**
 * @param {import('../playback/player.js').Player} player
 * @param {string} streamName
 * @returns {(playing: import('../hls/date-range.js').NowPlaying?) => void} tells what plays
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
      // An action that this browser doesn't know.
    }
  }
  player.addEventListener('change', () => { session.playbackState = player.wantsToPlay ? 'playing' : 'paused'; });
  let told;
  return (playing) => {
    if (playing === told) return;
    told = playing;
    session.metadata = new MediaMetadata(playing
      ? { title: playing.title ?? streamName, artist: playing.artist ?? '', album: streamName, artwork }
      : { title: streamName, artist: 'ringcast', artwork });
  };
}
