import assert from 'node:assert/strict';
import test from 'node:test';

import './webcrypto.mjs';
import { listenerHeaders, withListenerId } from '../../../web/js/net/listener-id.js';

const { 'Ringcast-Session': listenerId } = listenerHeaders(true);

test('a page that listens always sends the same ID', () => {
  assert.match(listenerId, /^[0-9a-f]{14}$/);
  assert.deepEqual(listenerHeaders(true), { 'Ringcast-Session': listenerId });
});

test('a page that only looks sends a hyphen', () => {
  assert.deepEqual(listenerHeaders(false), { 'Ringcast-Session': '-' });
});

test('a URL carries the ID beside its other parameters', () => {
  assert.equal(
    withListenerId('https://radio.example/live.m3u8?token=open-sesame'),
    `https://radio.example/live.m3u8?token=open-sesame&session=${listenerId}`);
});

test('another page has another ID', async () => {
  const other = await import('../../../web/js/net/listener-id.js?another');
  assert.notEqual(other.listenerHeaders(true)['Ringcast-Session'], listenerId);
});
