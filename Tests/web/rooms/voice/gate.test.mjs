import assert from 'node:assert/strict';
import test from 'node:test';
import { Gate } from '../../../../web/rooms/js/voice/gate.js';

function speaking(changes = {}) {
  return Object.assign(new Gate(), { isSpeaking: true }, changes);
}

test('the microphone is closed until the person speaks up', () => {
  const gate = new Gate();
  assert.equal(gate.isOpen, false);
  assert.equal(gate.news(0), true, 'the server is told that this member is muted');
  assert.equal(gate.news(1), null);
  gate.isSpeaking = true;
  assert.equal(gate.isOpen, true);
  assert.equal(gate.news(2), false);
});

test('mute, cough and push to talk close the microphone', () => {
  assert.equal(speaking({ isMuted: true }).isOpen, false);
  assert.equal(speaking({ isCoughing: true }).isOpen, false);
  assert.equal(speaking({ isPushToTalk: true }).isOpen, false);
  assert.equal(speaking({ isPushToTalk: true, isPushed: true }).isOpen, true);
  assert.equal(speaking({ isPushToTalk: true, isPushed: true, isMutedByHost: true }).isOpen, false);
});

test('the late word of the server about an earlier state is not the will of a host', () => {
  const gate = speaking();
  gate.news(0);
  gate.isMuted = true;
  assert.equal(gate.news(5000), true);
  gate.isMuted = false;
  assert.equal(gate.news(5200), false);
  gate.note(true, 5400);
  assert.deepEqual([gate.isOpen, gate.isMutedByHost], [true, false]);
  gate.note(false, 5900);
  gate.settle(9000);
  assert.equal(gate.isOpen, true);
});

test('a host mutes, and the person unmutes when the host allows it', () => {
  const gate = speaking();
  gate.news(0);
  gate.note(false, 400);
  gate.note(true, 5000);
  assert.deepEqual([gate.isOpen, gate.isMutedByHost], [false, true]);
  assert.equal(gate.news(5001), null, 'the server knows');
  gate.note(false, 9000);
  assert.deepEqual([gate.isOpen, gate.isMutedByHost, gate.isMuted], [false, false, true]);
  assert.equal(gate.news(9001), true, 'the others see that this member is still silent');
});

test('the will of a host that comes soon after the own word is found out later', () => {
  const gate = speaking();
  gate.news(0);
  gate.note(true, 700);
  assert.deepEqual([gate.isMutedByHost, gate.isUnsettled], [false, true]);
  gate.settle(1600);
  assert.equal(gate.isMutedByHost, true);
});

test('a server that has forgotten the mute is told again', () => {
  const gate = speaking({ isMuted: true });
  gate.news(0);
  gate.note(false, 3000);
  assert.equal(gate.news(3001), true);
});

test('a page that comes back tells its state anew', () => {
  const gate = speaking();
  gate.news(0);
  gate.forget();
  assert.equal(gate.news(10), false);
});
