import assert from 'node:assert/strict';
import test from 'node:test';

import {
  delayText, lineText, listenersText, musicSentence, ownDelay, requestSentence, warningSentence,
} from '../../../../web/studio/js/desk/facts.js';
import { actionOf } from '../../../../web/studio/js/desk/keys.js';
import { obstacleOf } from '../../../../web/studio/js/desk/obstacles.js';
import { guestsOf, stillAsked } from '../../../../web/studio/js/desk/guests.js';

const member = (id, more) => ({
  id, name: `M${id}`, role: 'talker', muted: false, hand: false, away: false, talking: false, on_air: false,
  agreed: false, ...more,
});
const YOU = member(1, { role: 'host' });
const NOBODY = new Set();

test('guests are the others who may talk, and listeners who raise a hand', () => {
  const members = [YOU, member(2), member(3, { role: 'listener' }), member(4, { role: 'listener', hand: true })];
  assert.deepEqual(guestsOf(members, 1, NOBODY).map(({ id }) => id), [2, 4]);
});

test('a host puts a guest on the air and takes the guest off', () => {
  const [guest] = guestsOf([member(2)], 1, NOBODY);
  assert.deepEqual(guest.action, {
    label: 'Put on the air', message: { type: 'host', action: 'air', member: 2, on: true },
  });
  const [onAir] = guestsOf([member(2, { on_air: true, agreed: true, talking: true })], 1, NOBODY);
  assert.deepEqual(onAir.action, { label: 'Take off', message: { type: 'host', action: 'air', member: 2, on: false } });
  assert.equal(onAir.words, 'on the air');
  assert.equal(onAir.isOnAir, true);
  assert.equal(onAir.isTalking, true);
});

test('a guest who was asked and has not answered can be asked no more', () => {
  const [guest] = guestsOf([member(2)], 1, new Set([2]));
  assert.equal(guest.words, 'asked onto the air');
  assert.deepEqual(guest.action, { label: 'Take back', message: { type: 'host', action: 'air', member: 2, on: false } });
});

test('a listener with a raised hand becomes a talker first', () => {
  const [guest] = guestsOf([member(4, { role: 'listener', hand: true })], 1, NOBODY);
  assert.deepEqual(guest.action, {
    label: 'Let talk', message: { type: 'host', action: 'role', member: 4, role: 'talker' },
  });
  assert.equal(guest.words, 'listens, hand raised');
});

test('who has answered or left is no longer asked', () => {
  const members = new Map([[2, member(2)], [3, member(3, { on_air: true })]]);
  assert.deepEqual([...stillAsked(new Set([2, 3, 4]), members)], [2]);
});

test('facts in words', () => {
  assert.equal(listenersText(null), '–');
  assert.equal(listenersText(0), '0');
  assert.equal(delayText(null), '–');
  assert.equal(delayText(84.4), '84 ms');
  assert.equal(ownDelay({ talkers: [{ id: 2, delay: 90 }, { id: 1, delay: 70 }] }, 1), 70);
  assert.equal(ownDelay({ talkers: [] }, 1), null);
});

test('the line in words', () => {
  assert.equal(lineText({ phase: 'rejoining', road: 'socket' }, 'good'), 'broken');
  assert.equal(lineText({ phase: 'joined', road: 'polling' }, 'good'), 'no sound');
  assert.equal(lineText({ phase: 'joined', road: 'socket' }, 'fair'), 'fair');
  assert.equal(lineText({ phase: 'joined', road: 'socket' }, null), 'good');
});

test('the music without a voice', () => {
  assert.equal(musicSentence({}), '');
  assert.match(musicSentence({ fallback: 'silence' }), /silent while nobody/);
  assert.match(musicSentence({ fallback: 'file', underVoice: 'duck' }), /softly under your voice/);
  assert.match(musicSentence({ fallback: 'file', underVoice: 'off' }), /silent under your voice/);
});

test('each warning has a sentence', () => {
  for (const warning of ['silent', 'clipped', 'echo', 'late', 'no-road', 'muted-by-host', 'listener']) {
    assert.match(warningSentence(warning), /^\S.+[.?]$/);
  }
});

test('a host who asks is named', () => {
  assert.match(requestSentence('Ann'), /^Ann wants to put you on the air\./);
});

test('a page without https names the address with https', () => {
  const plain = { hasMediaDevices: false, isSecureContext: false };
  assert.equal(obstacleOf(plain, 'https://radio.example:8443/studio').link, 'https://radio.example:8443/studio');
  assert.match(obstacleOf(plain, null).sentence, /--tls-port/);
  assert.match(obstacleOf({ hasMediaDevices: false, isSecureContext: true }, null).sentence, /no microphone/);
  assert.equal(obstacleOf({ hasMediaDevices: true, isSecureContext: true }, null), null);
});

test('the keys mute and write, and a field keeps its own keys', () => {
  const at = (tagName, id = '') => ({ tagName, id, closest: () => null });
  assert.equal(actionOf('m', at('BODY')), 'mute');
  assert.equal(actionOf('M', at('BUTTON')), 'mute');
  assert.equal(actionOf('/', at('BODY')), 'write');
  assert.equal(actionOf('m', at('INPUT', 'title')), undefined);
  assert.equal(actionOf('m', at('TEXTAREA', 'message')), undefined);
  assert.equal(actionOf('Escape', at('TEXTAREA', 'message')), 'leave');
  assert.equal(actionOf('m', { tagName: 'BUTTON', id: '', closest: () => ({}) }), undefined);
});
