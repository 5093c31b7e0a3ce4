import assert from 'node:assert/strict';
import test from 'node:test';

import { airSentence, clockText, lampTitle, windowTitle } from '../../../../web/studio/js/air/words.js';

const FACTS = {
  phase: 'off', isMuted: false, isCoughing: false, problem: null, hasSound: true, isJoined: true, waitSeconds: 0,
  retrySeconds: null,
};
const sentence = (more) => airSentence({ ...FACTS, ...more });

test('the light says what listeners hear', () => {
  const title = (more) => lampTitle({ ...FACTS, ...more });
  assert.equal(title({}), '');
  assert.equal(title({ phase: 'starting' }), '');
  assert.equal(title({ phase: 'on' }), 'On air');
  assert.equal(title({ phase: 'on', isMuted: true }), 'Muted');
  assert.equal(title({ phase: 'on', isCoughing: true }), 'Muted');
  assert.equal(title({ phase: 'broken' }), 'Line broken');
});

test('a person who waits learns for what', () => {
  assert.equal(sentence({ phase: 'starting', hasSound: false }), 'The microphone starts.');
  assert.match(sentence({ phase: 'starting', hasSound: false, waitSeconds: 6 }), /^Allow the microphone/);
  assert.equal(sentence({ phase: 'starting' }), 'You are going on the air.');
  assert.match(sentence({ phase: 'starting', waitSeconds: 6 }), /has not put you on the air yet/);
  assert.match(sentence({ phase: 'starting', isJoined: false }), /does not answer/);
});

test('a broken line says when the person is back on the air', () => {
  const broken = { phase: 'broken', isJoined: false };
  assert.equal(
    sentence({ ...broken, retrySeconds: 2.2 }), 'The line broke. You are back on the air in about 3 seconds.');
  assert.equal(
    sentence({ ...broken, retrySeconds: 0.1 }), 'The line broke. You are back on the air in about 1 second.');
  assert.equal(sentence(broken), 'The line broke. Connecting again…');
  assert.match(sentence({ phase: 'broken' }), /^The line is back/);
  assert.match(sentence({ phase: 'broken', hasSound: false }), /^The microphone is gone/);
});

test('a person who is off the air learns why', () => {
  assert.equal(sentence({}), 'You are off the air.');
  assert.equal(sentence({ problem: 'taken-off' }), 'A host has taken you off the air.');
  for (const problem of ['microphone', 'refused', 'ended']) assert.match(sentence({ problem }), /^\S.+\.$/);
});

test('the clock counts from the beginning of the programme', () => {
  assert.equal(clockText(null, 50), '');
  assert.equal(clockText(50, 50), '0:00');
  assert.equal(clockText(50, 117.9), '1:07');
  assert.equal(clockText(50, 3775), '1:02:05');
});

test('the title of the window shows the light', () => {
  assert.equal(windowTitle('live', 'off'), 'live · ringcast studio');
  assert.equal(windowTitle('live', 'on'), '● On air · live · ringcast studio');
  assert.equal(windowTitle('live', 'broken'), '○ Line broken · live · ringcast studio');
});
