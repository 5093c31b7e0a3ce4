import assert from 'node:assert/strict';
import test from 'node:test';
import { headlineOf, sentenceOf, statusOf } from '../../../web/js/page/status.js';

const PLAYING = {
  isSupported: true, isEnded: false, isBlocked: false, wantsToPlay: true, isSounding: true, isLive: true,
  hasSegments: true, hasToken: false, loader: { phase: 'loaded' },
};
const WAITING = { ...PLAYING, isSounding: false };
const REFUSED = new TypeError('refused');
const failed = (error) => ({ phase: 'retrying', error });

for (const [what, facts, state, reason] of [
  ['playback is live', PLAYING, 'playing', 'live'],
  ['the listener has gone back', { ...PLAYING, isLive: false }, 'playing', 'behind'],
  ['the server is gone and the cushion still plays', { ...PLAYING, loader: failed(REFUSED) }, 'playing', 'unreachable'],
  ['the first load is under way', { ...WAITING, loader: { phase: 'connecting' }, hasSegments: false }, 'waiting', 'connecting'],
  ['the playlist has no segment yet', { ...WAITING, hasSegments: false }, 'waiting', 'starting'],
  ['the server has no segment yet', { ...WAITING, loader: failed({ status: 503 }) }, 'waiting', 'starting'],
  ['the server has no such stream', { ...WAITING, loader: failed({ status: 404 }) }, 'waiting', 'no-stream'],
  ['the server does not answer under this name', { ...WAITING, loader: failed({ status: 403 }) }, 'waiting', 'private'],
  ['the server is gone', { ...WAITING, loader: failed(REFUSED) }, 'waiting', 'unreachable'],
  ['the first segments are under way', WAITING, 'waiting', 'buffering'],
  ['the connection is too slow', { ...WAITING, isTooSlow: true }, 'waiting', 'slow'],
  ['the sound is interrupted, because the connection is too slow', { ...PLAYING, isTooSlow: true }, 'playing', 'slow'],
  ['the connection is slow, and gone', { ...WAITING, isTooSlow: true, loader: failed(REFUSED) }, 'waiting', 'unreachable'],
  ['the listener has paused', { ...WAITING, wantsToPlay: false }, 'paused', 'listener'],
  ['paused, and the server is gone', { ...WAITING, wantsToPlay: false, loader: failed(REFUSED) }, 'paused', 'unreachable'],
  ['the browser refuses to play', { ...WAITING, wantsToPlay: false, isBlocked: true }, 'blocked', 'autoplay'],
  ['a token is needed', { ...WAITING, loader: failed({ status: 401 }) }, 'locked', 'no-token'],
  ['a token is needed, before any click', { ...WAITING, isBlocked: true, loader: failed({ status: 401 }) }, 'locked', 'no-token'],
  ['the token is not valid', { ...WAITING, hasToken: true, loader: failed({ status: 401 }) }, 'locked', 'bad-token'],
  ['the token is no longer valid', { ...PLAYING, hasToken: true, loader: failed({ status: 401 }) }, 'playing', 'bad-token'],
  ['the stream has ended', { ...WAITING, isEnded: true }, 'ended', 'ended'],
  ['no engine is supported', { ...WAITING, isSupported: false }, 'unsupported', 'no-engine'],
]) {
  test(`${state} (${reason}): ${what}`, () => {
    const status = statusOf(facts);
    assert.deepEqual(status, { state, reason });
    assert.equal(typeof headlineOf(status), 'string');
    assert.equal(typeof sentenceOf(status), 'string');
  });
}
