// The page's state, key by key.

import { now } from './alarm.js';
import { statusOf } from './status.js';

/**
 * @param {import('./player.js').Player} player
 * @param {import('./description.js').Description} description
 * @param {EventTarget} ticker its `tick` events refresh what changes with time alone
 * @returns {import('./store.js').Table}
 */
export function stateTable(player, description, ticker) {
  const { element, follower, loader } = player;
  const onPlayer = [[player, 'change']];
  const onTime = [[player, 'change'], [ticker, 'tick']];
  const onDescription = [[description, 'change']];
  const status = () => statusOf({
    isSupported: player.Engine.isSupported,
    isEnded: player.isEnded,
    isBlocked: player.isBlocked,
    wantsToPlay: player.wantsToPlay,
    isSounding: !element.paused && !element.seeking && element.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA,
    isLive: follower.live,
    hasSegments: follower.playlist !== null,
    loader: loader.status,
  });
  return {
    state: { get: () => status().state, events: onTime },
    reason: { get: () => status().reason, events: onTime },
    retryIn: { get: () => retryIn(loader.status), events: onTime },
    engine: { get: () => player.engine?.name ?? null, events: onPlayer },
    behindLive: { get: () => player.behindLive, events: onTime },
    behindEdge: { get: () => player.behindEdge, events: onTime },
    window: { get: () => player.window, events: onTime },
    live: { get: () => follower.live, events: onPlayer },
    cushion: { get: () => player.cushion, events: onTime },
    rate: { get: () => element.playbackRate, events: onPlayer },
    currentTime: { get: () => element.currentTime, events: onPlayer },
    buffered: { get: () => ranges(element.buffered), events: onPlayer },
    playlist: { get: () => follower.playlist, events: onPlayer },
    sequence: { get: () => player.engine?.playing.sequence ?? null, events: onPlayer },
    firstSequence: { get: () => follower.first, events: onPlayer },
    lastSequence: { get: () => follower.last, events: onPlayer },
    stalls: { get: () => player.stalls, events: onPlayer },
    jumps: { get: () => player.jumps, events: onPlayer },
    discontinuities: { get: () => follower.discontinuities, events: onPlayer },
    elapsed: { get: () => player.elapsed, events: onPlayer },
    notice: { get: () => description.facts?.notice ?? null, events: onDescription },
    bitrate: { get: () => description.facts?.bitrate ?? null, events: onDescription },
    ringSize: { get: () => description.facts?.ringSize ?? null, events: onDescription },
    volume: { get: () => element.volume, events: [[element, 'volumechange']] },
    muted: { get: () => element.muted, events: [[element, 'volumechange']] },
  };
}

const retryIn = ({ phase, retryAt }) => (phase === 'retrying' ? Math.max(0, Math.ceil(retryAt - now())) : null);

const ranges = (buffered) => Array.from(buffered, (_, i) => [buffered.start(i), buffered.end(i)]);
