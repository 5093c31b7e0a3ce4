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

for (const [what, latest, state, reason] of [
  ['live', PLAYING, 'playing', 'live'],
  ['where the listener went', { ...PLAYING, isLive: false }, 'playing', 'behind'],
  ['from the cushion, the server being gone', { ...PLAYING, loader: failed(REFUSED) }, 'playing', 'unreachable'],
  ['nothing loaded yet', { ...WAITING, loader: { phase: 'connecting' }, hasSegments: false }, 'waiting', 'connecting'],
  ['no segment yet', { ...WAITING, hasSegments: false }, 'waiting', 'starting'],
  ['the server has no segment yet', { ...WAITING, loader: failed({ status: 503 }) }, 'waiting', 'starting'],
  ['no such stream', { ...WAITING, loader: failed({ status: 404 }) }, 'waiting', 'no-stream'],
  ['the server is gone', { ...WAITING, loader: failed(REFUSED) }, 'waiting', 'unreachable'],
  ['segments are on their way', WAITING, 'waiting', 'buffering'],
  ['the listener has paused', { ...WAITING, wantsToPlay: false }, 'paused', 'listener'],
  ['paused, and the server is gone', { ...WAITING, wantsToPlay: false, loader: failed(REFUSED) }, 'paused', 'unreachable'],
  ['autoplay refused', { ...WAITING, wantsToPlay: false, isBlocked: true }, 'blocked', 'autoplay'],
  ['a token is needed', { ...WAITING, loader: failed({ status: 401 }) }, 'locked', 'no-token'],
  ['a token is needed, before any click', { ...WAITING, isBlocked: true, loader: failed({ status: 401 }) }, 'locked', 'no-token'],
  ['another token is needed', { ...WAITING, hasToken: true, loader: failed({ status: 401 }) }, 'locked', 'bad-token'],
  ['the token is good no more', { ...PLAYING, hasToken: true, loader: failed({ status: 401 }) }, 'playing', 'bad-token'],
  ['over', { ...WAITING, isEnded: true }, 'ended', 'ended'],
  ['no engine', { ...WAITING, isSupported: false }, 'unsupported', 'no-engine'],
]) {
  test(`${state} (${reason}): ${what}`, () => {
    const status = statusOf(latest);
    assert.deepEqual(status, { state, reason });
    assert.equal(typeof headlineOf(status), 'string');
    assert.equal(typeof sentenceOf(status), 'string');
  });
}
