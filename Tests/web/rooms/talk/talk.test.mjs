import assert from 'node:assert/strict';
import test from 'node:test';
import { holdOf } from '../../../../web/rooms/js/talk/hold-keys.js';
import { checkedVoice } from '../../../../web/rooms/js/talk/remembered-voice.js';
import { addressAt } from '../../../../web/rooms/js/talk/secure-address.js';
import { changeSentence, heardSentence, talkSentence } from '../../../../web/rooms/js/talk/words.js';

const LISTENING = {
  road: 'socket', hasVoices: true, wantsToListen: true, waitsForGesture: false, isTalker: true, isSpeaking: false,
  hasMicrophone: false, isMutedByHost: false, isPushToTalk: false, isOpen: false, heard: null,
};
const SPEAKING = { ...LISTENING, isSpeaking: true, hasMicrophone: true, isOpen: true, heard: 123 };

test('the bar says who hears whom', () => {
  const cases = [
    [LISTENING, 'You hear the room. Nobody hears you.'],
    [{ ...LISTENING, isTalker: false }, 'You hear the room. Raise your hand to speak.'],
    [{ ...LISTENING, wantsToListen: false }, 'You do not hear the room.'],
    [{ ...LISTENING, waitsForGesture: true }, 'The browser plays the room after a tap.'],
    [SPEAKING, 'The others hear you, about 120 ms late.'],
    [{ ...SPEAKING, isOpen: false }, 'You are muted.'],
    [{ ...SPEAKING, isOpen: false, isPushToTalk: true }, 'Hold the space bar to speak.'],
    [{ ...SPEAKING, isOpen: false, isMutedByHost: true }, 'A host has muted you.'],
    [{ ...SPEAKING, hasMicrophone: false }, 'Nobody hears you, because no microphone is on.'],
    [{ ...LISTENING, hasVoices: false, road: 'events' }, 'There is no sound here, because this network refuses WebSockets.'],
    [{ ...LISTENING, hasVoices: false }, 'There is no sound at the moment.'],
  ];
  for (const [state, sentence] of cases) assert.equal(talkSentence(state), sentence);
});

test('the delay is told in steps of 10 ms, so that the text rests', () => {
  assert.equal(heardSentence(123.4), 'You will be heard about 120 ms late.');
  assert.equal(heardSentence(null), '');
});

test('a screen reader learns what others have done to the person', () => {
  const off = { isOnAir: false, isMutedByHost: false };
  assert.equal(changeSentence(off, { ...off, isOnAir: true }), 'You are on the air.');
  assert.equal(changeSentence({ ...off, isOnAir: true }, off), 'You are off the air.');
  assert.match(changeSentence(off, { ...off, isMutedByHost: true }), /host has muted you/);
  assert.equal(changeSentence(off, off), '');
});

test('the keys that are held leave a text, a button and a dialog alone', () => {
  const log = { tagName: 'OL', isInDialog: false };
  assert.equal(holdOf(' ', log), 'push');
  assert.equal(holdOf('c', log), 'cough');
  assert.equal(holdOf('x', log), undefined);
  for (const tagName of ['BUTTON', 'SUMMARY', 'A']) {
    assert.equal(holdOf(' ', { ...log, tagName }), undefined);
    assert.equal(holdOf('c', { ...log, tagName }), 'cough');
  }
  for (const key of [' ', 'c']) {
    assert.equal(holdOf(key, { ...log, tagName: 'TEXTAREA' }), undefined);
    assert.equal(holdOf(key, { ...log, isInDialog: true }), undefined);
  }
});

test('choices of another version are no trouble', () => {
  const usual = { id: null, mode: 'speech', listens: true, isPushToTalk: false };
  for (const stored of [null, {}, 'x', { id: 3, mode: 'loud', listens: 'no', isPushToTalk: 1 }]) {
    assert.deepEqual(checkedVoice(stored), usual);
  }
  const chosen = { id: 'm', mode: 'music', listens: false, isPushToTalk: true };
  assert.deepEqual(checkedVoice(chosen), chosen);
});

test('the secure address is the same page, with the invite that is in the address no more', () => {
  const page = new URL('http://station:8080/rooms/hall');
  const origin = 'https://station:8443/';
  assert.equal(addressAt(origin, page, undefined), `${origin}rooms/hall`);
  assert.equal(addressAt(origin, page, 'a.b'), `${origin}rooms/hall?invite=a.b`);
});
