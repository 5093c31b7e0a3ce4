// window.ringcast: what tests and curious people may read. Its keys stay.

/**
 * `ringcast.snapshot()` returns, as of this moment:
 *
 * | key | value |
 * |---|---|
 * | `state`, `reason` | see status.js |
 * | `engine` | `webcodecs`, `mse-mp3`, `mse-mp4`, `native`, or null where there is none |
 * | `behindLive` | s between the recording of what is heard and now, by the server's clock; null where unknown |
 * | `latencyMode` | how late the listener wants to be: a name of latency-modes.js; also as `wish`, its former name |
 * | `target` | low-water mark of the cushion that is aimed at, s |
 * | `cushion` | s buffered ahead |
 * | `rate` | playback rate |
 * | `currentTime`, `buffered` | the media element's, s; `buffered` as a list of `[start, end]` |
 * | `sequence`, `firstSequence`, `lastSequence` | media sequence numbers: heard, and the playlist's; null: unknown |
 * | `stalls` | times that the sound stopped for want of data |
 * | `jumps` | leaps of the playhead after the first start, the listener's own included |
 * | `discontinuities` | EXT-X-DISCONTINUITY tags that came while the page was open |
 * | `notice` | the server's line for the listener, or null |
 * | `nowPlaying` | `{ title, artist }` of what is heard, either of which may be null; null where nothing is said |
 * | `elapsed` | s of sound heard |
 */
const KEYS = [
  'state', 'reason', 'engine', 'behindLive', 'latencyMode', 'wish', 'target', 'cushion', 'rate', 'currentTime', 'buffered',
  'sequence', 'firstSequence', 'lastSequence', 'stalls', 'jumps', 'discontinuities', 'notice', 'nowPlaying', 'elapsed',
];

/** @param {import('./store.js').Store} store */
export function exposeForDebugging(store) {
  window.ringcast = {
    snapshot() {
      const state = store.read();
      return Object.fromEntries(KEYS.map((key) => [key, state[key]]));
    },
  };
}
