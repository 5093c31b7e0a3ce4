import assert from 'node:assert/strict';
import test from 'node:test';
import { microphoneObstacleOf, refusalOf } from '../../../../web/rooms/js/call/refusals.js';

test('each refusal of a browser has its own sentence and its own advice', () => {
  const errors = [
    { name: 'NotAllowedError', message: 'Permission denied' },
    { name: 'NotAllowedError', message: 'Permission dismissed' },
    { name: 'NotAllowedError', message: 'Permission denied by system' },
    { name: 'SecurityError' }, { name: 'InvalidStateError' }, { name: 'NotFoundError' }, { name: 'OverconstrainedError' },
    { name: 'NotReadableError' }, { name: 'TypeError', message: 'odd' },
  ];
  const refusals = errors.map((error) => refusalOf(error, 'microphone'));
  for (const part of ['sentence', 'advice']) {
    assert.equal(new Set(refusals.map((refusal) => refusal[part])).size, errors.length, part);
  }
  assert.match(refusals.at(-1).sentence, /odd/);
});

test('a page without https names the address with https, if there is one', () => {
  const browser = { hasMediaDevices: false, isSecureContext: false };
  assert.match(microphoneObstacleOf(browser, null).advice, /--tls-port/);
  const address = 'https:' + '//station:8443/rooms/hall';
  assert.equal(microphoneObstacleOf(browser, address).link, address);
});

test('a secure page with microphones has no obstacle', () => {
  assert.equal(microphoneObstacleOf({ hasMediaDevices: true, isSecureContext: true }, null), null);
  assert.match(microphoneObstacleOf({ hasMediaDevices: false, isSecureContext: true }, null).sentence, /gives no microphone/);
});
