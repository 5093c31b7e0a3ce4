import assert from 'node:assert/strict';
import test from 'node:test';

import { OnAir } from '../../../../web/studio/js/air/on-air.js';

const MUTED = { type: 'mute', on: true };
const UNMUTED = { type: 'mute', on: false };
const AGREES = { type: 'agree', on: true };
const DISAGREES = { type: 'agree', on: false };

/** An air machine, with a clock that each event moves by a second. */
function make() {
  const air = new OnAir();
  let now = 100;
  const handle = (type, more = {}) => air.handle({ type, ...more }, now++);
  return {
    air, handle,
    sent: (type, more) => handle(type, more).filter((command) => command.do === 'send').map(({ message }) => message),
    join: (more) => handle('joined', { isOnAir: false, hasAgreed: false, resumesFrom: null, ...more }),
    time: () => now,
  };
}

/** A machine whose person is on the air since the returned time. */
function onAir() {
  const made = make();
  made.join();
  made.handle('go');
  made.handle('sound');
  made.handle('air', { isOnAir: true });
  assert.equal(made.air.phase, 'on');
  return { ...made, since: made.air.since };
}

test('a page that enters the room is muted and off the air', () => {
  const { air, join } = make();
  assert.deepEqual(join(), [{ do: 'send', message: MUTED }]);
  assert.equal(air.phase, 'off');
});

test('the page claims the air when the microphone gives sound, and is on the air when the server says so', () => {
  const { air, join, handle } = make();
  join();
  assert.deepEqual(handle('go'), [{ do: 'open-microphone' }]);
  assert.equal(air.phase, 'starting');
  assert.deepEqual(handle('sound'), [
    { do: 'mute', on: false }, { do: 'send', message: UNMUTED }, { do: 'send', message: AGREES }]);
  assert.equal(air.phase, 'starting');
  assert.equal(air.since, null);
  handle('air', { isOnAir: true });
  assert.equal(air.phase, 'on');
  assert.equal(air.since, 103);
});

test('a microphone that gives sound before the button is pressed is claimed at once', () => {
  const { join, handle, sent } = make();
  join();
  assert.deepEqual(handle('sound'), []);
  assert.deepEqual(sent('go'), [UNMUTED, AGREES]);
});

test('a page that is not in the room yet claims the air when it has entered', () => {
  const { handle, sent } = make();
  handle('go');
  assert.deepEqual(handle('sound'), []);
  assert.deepEqual(sent('joined', { isOnAir: false, hasAgreed: false, resumesFrom: null }), [UNMUTED, AGREES]);
});

test('a second press changes nothing', () => {
  const { handle } = onAir();
  assert.deepEqual(handle('go'), []);
});

test('a person who stops takes the agreement back and is muted', () => {
  const { air, handle } = onAir();
  assert.deepEqual(handle('stop'), [
    { do: 'mute', on: true }, { do: 'send', message: DISAGREES }, { do: 'send', message: MUTED }]);
  assert.equal(air.phase, 'stopping');
  assert.equal(air.wantsAir, false);
  handle('air', { isOnAir: false });
  assert.equal(air.phase, 'off');
  assert.equal(air.problem, null);
});

test('a person who stops before the station has answered is off the air', () => {
  const { air, join, handle, sent } = make();
  join();
  handle('go');
  handle('sound');
  assert.deepEqual(sent('stop'), [DISAGREES, MUTED]);
  assert.equal(air.phase, 'off');
  // The answer to the claim was on its way.
  handle('air', { isOnAir: true });
  assert.equal(air.phase, 'stopping');
});

test('a second programme has a clock of its own', () => {
  const { air, handle, since } = onAir();
  handle('stop');
  handle('air', { isOnAir: false });
  handle('go');
  assert.equal(air.since, null);
  handle('air', { isOnAir: true });
  assert.ok(air.since > since);
});

test('a person whom a host takes off the air has no agreement left', () => {
  const { air, sent } = onAir();
  assert.deepEqual(sent('air', { isOnAir: false }), [DISAGREES, MUTED]);
  assert.equal(air.phase, 'off');
  assert.equal(air.problem, 'taken-off');
});

test('after an interruption the page claims the air again, and the clock goes on', () => {
  const { air, handle, sent, since, time } = onAir();
  const lostAt = time();
  handle('lost');
  assert.equal(air.phase, 'broken');
  assert.equal(air.brokenSince, lostAt);
  // The server has started again and knows nothing of the air.
  assert.deepEqual(sent('joined', { isOnAir: false, hasAgreed: false, resumesFrom: null }), [UNMUTED, AGREES]);
  assert.equal(air.phase, 'broken');
  assert.equal(air.brokenSince, lostAt);
  handle('air', { isOnAir: true });
  assert.equal(air.phase, 'on');
  assert.equal(air.since, since);
  assert.equal(air.brokenSince, null);
});

test('after an interruption that the server did not notice, the page is on the air at once', () => {
  const { air, handle, sent } = onAir();
  handle('lost');
  assert.deepEqual(sent('joined', { isOnAir: true, hasAgreed: true, resumesFrom: null }), [UNMUTED, AGREES]);
  assert.equal(air.phase, 'on');
});

test('a person who was muted stays muted after an interruption', () => {
  const { air, handle, sent } = onAir();
  assert.deepEqual(handle('mute', { on: true }), [{ do: 'mute', on: true }, { do: 'send', message: MUTED }]);
  handle('lost');
  assert.deepEqual(sent('joined', { isOnAir: true, hasAgreed: true, resumesFrom: null }), [MUTED, AGREES]);
  assert.equal(air.isMuted, true);
});

test('a person who stops while the line is broken is off the air when the line is back', () => {
  const { air, handle, sent } = onAir();
  handle('lost');
  assert.deepEqual(handle('stop'), [{ do: 'mute', on: true }]);
  assert.equal(air.phase, 'off');
  assert.deepEqual(
    sent('joined', { isOnAir: true, hasAgreed: true, resumesFrom: null }), [DISAGREES, MUTED]);
});

test('a page that was loaded again goes on, where the server still has the agreement', () => {
  const { air, join, handle, sent } = make();
  assert.deepEqual(join({ isOnAir: true, hasAgreed: true, resumesFrom: 40 }), [{ do: 'open-microphone' }]);
  assert.equal(air.phase, 'broken');
  assert.deepEqual(sent('sound'), [UNMUTED, AGREES]);
  assert.equal(air.phase, 'on');
  assert.equal(air.since, 40);
  handle('stop');
  assert.equal(air.wantsAir, false);
});

test('a page that was loaded again stays off the air where the server has no agreement', () => {
  const { air, join } = make();
  assert.deepEqual(join({ resumesFrom: 40 }), [{ do: 'send', message: MUTED }]);
  assert.equal(air.phase, 'off');
});

test('a page that was not on the air takes an old agreement back', () => {
  const { air, sent } = make();
  assert.deepEqual(sent('joined', { isOnAir: true, hasAgreed: true, resumesFrom: null }), [DISAGREES, MUTED]);
  assert.equal(air.phase, 'stopping');
});

test('a microphone that does not start ends the start', () => {
  const { air, join, handle } = make();
  join();
  handle('go');
  handle('no-sound');
  assert.equal(air.phase, 'off');
  assert.equal(air.problem, 'microphone');
});

test('a microphone that is lost on the air leaves the person there, until it comes back', () => {
  const { air, handle, since } = onAir();
  assert.deepEqual(handle('no-sound'), []);
  assert.equal(air.phase, 'broken');
  handle('sound');
  assert.equal(air.phase, 'on');
  assert.equal(air.since, since);
});

test('a person who is out of the room is off the air', () => {
  const { air, handle } = onAir();
  handle('ended');
  assert.equal(air.phase, 'off');
  assert.equal(air.problem, 'ended');
});

test('a member whom the station does not let onto the air is off the air', () => {
  const { air, join, handle } = make();
  join();
  handle('go');
  handle('sound');
  handle('refused');
  assert.equal(air.phase, 'off');
  assert.equal(air.problem, 'refused');
});

test('a refusal of something else changes nothing for a page that is off the air', () => {
  const { air, handle } = make();
  assert.deepEqual(handle('refused'), []);
  assert.equal(air.problem, null);
});
