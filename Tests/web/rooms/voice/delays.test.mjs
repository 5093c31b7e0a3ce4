import assert from 'node:assert/strict';
import test from 'node:test';
import { heardDelay, ownDelay } from '../../../../web/rooms/js/voice/delays.js';
import { lineOf, lineSentence } from '../../../../web/rooms/js/voice/line-check.js';
import { constraintsIn, factsOf, lossSentence } from '../../../../web/rooms/js/voice/microphone-facts.js';

test('a talker is late by the way to the mixer, half a round trip, and the playback here', () => {
  assert.equal(heardDelay(70, 40, 55), 145);
  assert.equal(heardDelay(70, null, null), 70);
});

test('the own delay is an estimate before the first word', () => {
  assert.equal(ownDelay(20, 40, 55), 140);
  assert.equal(ownDelay(20, null, null), 95);
});

test('a line is as good as its round trip and its variation', () => {
  assert.deepEqual(lineOf([20, 22, 30]), { rtt: 22, jitter: 10, quality: 'good' });
  assert.equal(lineOf([20, 20, 60]).quality, 'fair');
  assert.equal(lineOf([350, 350, 360]).quality, 'poor');
  assert.equal(lineOf([]).quality, 'gone');
  assert.match(lineSentence(lineOf([20, 22, 30])), /good \(round trip 22 ms, varying by 10 ms\)/);
});

test('no constraint names a sample rate, and music asks for the sound as it is', () => {
  const { audio: speech } = constraintsIn('speech', null);
  const { audio: music } = constraintsIn('music', 'mic1');
  for (const audio of [speech, music]) assert.equal('sampleRate' in audio, false);
  assert.deepEqual([speech.echoCancellation, speech.noiseSuppression, speech.autoGainControl], [true, true, true]);
  assert.deepEqual([music.echoCancellation, music.noiseSuppression, music.autoGainControl], [false, false, false]);
  assert.deepEqual([music.channelCount, music.deviceId], [{ ideal: 2 }, { exact: 'mic1' }]);
});

test('the facts are those that the browser tells', () => {
  const facts = factsOf(
    { sampleRate: 44_100, channelCount: 1, echoCancellation: true, latency: 0.01 },
    { channelCount: { max: 2 }, echoCancellation: [true] });
  assert.deepEqual(facts, [
    ['Sample rate', '44.1 kHz'], ['Channels', 'mono, up to 2'], ['Echo cancellation', 'on (fixed)'], ['Latency', '10 ms'],
  ]);
});

test('the loss of a microphone is a sentence', () => {
  assert.match(lossSentence('', { label: 'USB' }, { label: 'Built-in' }), /“USB” is gone.*“Built-in”/);
  assert.match(lossSentence('', null, null), /Nobody hears you/);
});
