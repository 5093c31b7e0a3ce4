// The table of the page's state: for each key its value and the events that change it.

import { languageChanges, languageNow } from '../language/texts.js';
import { now } from '../net/clock.js';
import { credibleBehindLive } from './behind-live.js';
import { statusOf } from './status.js';

/**
 * @param {import('../playback/player.js').Player} player
 * @param {{hasToken: boolean}} stream
 * @param {import('../net/stream-info.js').StreamInfo} streamInfo
 * @param {EventTarget} ticker its `tick` events refresh the values that change with time alone
 * @returns {import('./store.js').Table}
 */
export function stateTable(player, stream, streamInfo, ticker) {
  const { element, planner, monitor } = player;
  const output = () => player.engine?.output ?? element;
  const onPlayer = [[player, 'change']];
  const onTime = [[player, 'change'], [ticker, 'tick']];
  const onInfo = [[streamInfo, 'change']];
  const status = () => playerStatus(player, stream, streamInfo);
  const bitrate = () => streamInfo.latest?.bitrate ?? null;
  const behindLive = () => credibleBehindLive(player.behindLiveSeconds, {
    edgeSeconds: player.behindEdgeSeconds,
    windowSeconds: player.windowSeconds,
    openSeconds: now(),
    isSounding: monitor.isSounding,
  });
  return {
    state: { get: () => status().state, events: onTime },
    reason: { get: () => status().reason, events: onTime },
    retryIn: { get: () => retryIn(player.loaderStatus), events: onTime },
    engine: { get: () => player.engine?.name ?? null, events: onPlayer },
    behindLive: { get: behindLive, events: onTime },
    behindEdge: { get: () => player.behindEdgeSeconds, events: onTime },
    window: { get: () => player.windowSeconds, events: onTime },
    live: { get: () => planner.isLive, events: onPlayer },
    cushion: { get: () => player.cushionSeconds, events: onTime },
    nowPlaying: { get: () => player.nowPlaying, events: onTime },
    rate: { get: () => output().playbackRate, events: onPlayer },
    currentTime: { get: () => output().currentTime, events: onPlayer },
    buffered: { get: () => ranges(output().buffered), events: onPlayer },
    playlist: { get: () => planner.playlist, events: onPlayer },
    recording: { get: () => planner.recording, events: onPlayer },
    sequence: { get: () => player.engine?.playing.sequence ?? null, events: onPlayer },
    firstSequence: { get: () => planner.first, events: onPlayer },
    lastSequence: { get: () => planner.last, events: onPlayer },
    stalls: { get: () => monitor.stalls, events: onPlayer },
    latencyMode: { get: () => player.latencyMode.name, events: [[player, 'change']] },
    // The name that this key had before.
    wish: { get: () => player.latencyMode.name, events: [[player, 'change']] },
    target: { get: () => player.targetSeconds, events: onTime },
    jumps: { get: () => player.feed.jumps, events: onPlayer },
    discontinuities: { get: () => planner.discontinuities, events: onPlayer },
    elapsed: { get: () => monitor.heardSeconds, events: onPlayer },
    notice: { get: () => streamInfo.latest?.notice ?? null, events: onInfo },
    bitrate: { get: bitrate, events: onInfo },
    ringSize: { get: () => streamInfo.latest?.ringSize ?? null, events: onInfo },
    volume: { get: () => element.volume, events: [[element, 'volumechange']] },
    muted: { get: () => element.muted, events: [[element, 'volumechange']] },
    language: { get: languageNow, events: [[languageChanges, 'change']] },
  };
}

/**
 * The status of a player, for any page that has one.
 * @returns {import('./status.js').Status}
 */
export function playerStatus(player, stream, streamInfo) {
  const { planner, monitor } = player;
  /** Whether the listener hears pauses. */
  const isInterrupted = !monitor.isSounding || monitor.stalls > 0;
  const bitrate = streamInfo.latest?.bitrate ?? null;
  return statusOf({
    isSupported: player.Engine.isSupported,
    isEnded: player.isEnded,
    isBlocked: player.isBlocked,
    wantsToPlay: player.wantsToPlay,
    isSounding: monitor.isSounding,
    isLive: planner.isLive,
    hasSegments: planner.playlist !== null,
    hasToken: stream.hasToken,
    isTooSlow: isInterrupted && player.connectionSpeed.isTooSlow(bitrate, now()),
    loader: player.loaderStatus,
  });
}

const retryIn = ({ phase, retryAt }) => (phase === 'retrying' ? Math.max(0, Math.ceil(retryAt - now())) : null);

const ranges = (buffered) => Array.from(buffered, (_, i) => [buffered.start(i), buffered.end(i)]);
