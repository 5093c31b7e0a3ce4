import assert from 'node:assert/strict';
import test from 'node:test';

import './webcrypto.mjs';
import { listenerHeaders, withListenerId } from '../../../web/js/net/listener-id.js';

const { 'Ringcast-Session': listenerId } = listenerHeaders(true);

test('a page that listens says who it is, always the same', () => {
  assert.match(listenerId, /^[0-9a-f]{14}$/);
  assert.deepEqual(listenerHeaders(true), { 'Ringcast-Session': listenerId });
});

test('a page that only looks says so', () => {
  assert.deepEqual(listenerHeaders(false), { 'Ringcast-Session': '-' });
});

test('a URL carries it beside what it has', () => {
  assert.equal(
    withListenerId('https://radio.example/live.m3u8?token=open-sesame'),
    `https://radio.example/live.m3u8?token=open-sesame&session=${listenerId}`);
});

test('another page is another', async () => {
  const other = await import('../../../web/js/net/listener-id.js?another');
  assert.notEqual(other.listenerHeaders(true)['Ringcast-Session'], listenerId);
});
