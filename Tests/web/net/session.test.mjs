import assert from 'node:assert/strict';
import test from 'node:test';

import './webcrypto.mjs';
import { sessionHeaders, withSession } from '../../../web/js/net/session.js';

const { 'Ringcast-Session': session } = sessionHeaders(true);

test('a page that listens says who it is, always the same', () => {
  assert.match(session, /^[0-9a-f]{14}$/);
  assert.deepEqual(sessionHeaders(true), { 'Ringcast-Session': session });
});

test('a page that only looks says so', () => {
  assert.deepEqual(sessionHeaders(false), { 'Ringcast-Session': '-' });
});

test('a URL carries it beside what it has', () => {
  assert.equal(
    withSession('https://radio.example/live.m3u8?token=open-sesame'),
    `https://radio.example/live.m3u8?token=open-sesame&session=${session}`);
});

test('another page is another', async () => {
  const other = await import('../../../web/js/net/session.js?another');
  assert.notEqual(other.sessionHeaders(true)['Ringcast-Session'], session);
});
