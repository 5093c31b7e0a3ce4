// window.ringcast: the page's state, for tests and for curious people. Its keys stay.

/**
 * `ringcast.snapshot()` returns the present values of these keys:
 *
 * | key | value |
 * |---|---|
 * | `state`, `reason` | see status.js |
 * | `engine` | `webcodecs`, `mse-mp3`, `mse-mp4`, `native`, or null while there is no engine |
 * | `behindLive` | seconds from the recording of the heard sound to now, by the server's clock; null where unknown |
 * | `latencyMode` | a name of latency-modes.js. The key `wish`, its former name, has the same value. |
 * | `target` | seconds: the low-water mark that the player aims at |
 * | `cushion` | seconds buffered ahead of the playhead |
 * | `rate` | playback rate |
 * | `currentTime`, `buffered` | of the media element, in seconds. `buffered` is a list of `[start, end]`. |
 * | `sequence` | media sequence number of the heard sound; null where unknown |
 * | `firstSequence`, `lastSequence` | media sequence numbers of the playlist; null where unknown |
 * | `stalls` | how often the sound stopped for lack of data |
 * | `jumps` | how often the playhead jumped after the first start, for any reason |
 * | `discontinuities` | the number of EXT-X-DISCONTINUITY tags that came while the page was open |
 * | `notice` | the server's message to the listener, or null |
 * | `nowPlaying` | `{ title, artist }` of the heard sound, each possibly null; null where the stream names neither |
 * | `elapsed` | seconds of sound heard |
 */
const KEYS = [
  'state', 'reason', 'engine', 'behindLive', 'latencyMode', 'wish', 'target', 'cushion', 'rate', 'currentTime',
  'buffered', 'sequence', 'firstSequence', 'lastSequence', 'stalls', 'jumps', 'discontinuities', 'notice', 'nowPlaying',
  'elapsed',
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
