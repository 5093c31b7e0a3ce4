// The page's state, key by key.

import { now } from '../net/alarm.js';
import { statusOf } from './status.js';

/**
 * @param {import('../playback/player.js').Player} player
 * @param {{hasToken: boolean}} stream
 * @param {import('../net/description.js').Description} description
 * @param {EventTarget} ticker its `tick` events refresh what changes with time alone
 * @returns {import('./store.js').Table}
 */
export function stateTable(player, stream, description, ticker) {
  const { element, follower, loader, sounding } = player;
  const output = () => player.engine?.output ?? element;
  const onPlayer = [[player, 'change']];
  const onTime = [[player, 'change'], [ticker, 'tick']];
  const onDescription = [[description, 'change']];
  const status = () => statusOf({
    isSupported: player.Engine.isSupported,
    isEnded: player.isEnded,
    isBlocked: player.isBlocked,
    wantsToPlay: player.wantsToPlay,
    isSounding: sounding.now,
    isLive: follower.live,
    hasSegments: follower.playlist !== null,
    hasToken: stream.hasToken,
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
    nowPlaying: { get: () => player.nowPlaying, events: onTime },
    rate: { get: () => output().playbackRate, events: onPlayer },
    currentTime: { get: () => output().currentTime, events: onPlayer },
    buffered: { get: () => ranges(output().buffered), events: onPlayer },
    playlist: { get: () => follower.playlist, events: onPlayer },
    growing: { get: () => follower.growing, events: onPlayer },
    sequence: { get: () => player.engine?.playing.sequence ?? null, events: onPlayer },
    firstSequence: { get: () => follower.first, events: onPlayer },
    lastSequence: { get: () => follower.last, events: onPlayer },
    stalls: { get: () => sounding.stalls, events: onPlayer },
    wish: { get: () => player.wish.name, events: [[player, 'change']] },
    target: { get: () => player.latency.target(now()), events: onTime },
    jumps: { get: () => player.feed.jumps, events: onPlayer },
    discontinuities: { get: () => follower.discontinuities, events: onPlayer },
    elapsed: { get: () => sounding.elapsed, events: onPlayer },
    notice: { get: () => description.facts?.notice ?? null, events: onDescription },
    bitrate: { get: () => description.facts?.bitrate ?? null, events: onDescription },
    ringSize: { get: () => description.facts?.ringSize ?? null, events: onDescription },
    volume: { get: () => element.volume, events: [[element, 'volumechange']] },
    muted: { get: () => element.muted, events: [[element, 'volumechange']] },
  };
}

const retryIn = ({ phase, retryAt }) => (phase === 'retrying' ? Math.max(0, Math.ceil(retryAt - now())) : null);

const ranges = (buffered) => Array.from(buffered, (_, i) => [buffered.start(i), buffered.end(i)]);
