import assert from 'node:assert/strict';
import test from 'node:test';

import { OnAir } from '../../../../web/studio/js/air/on-air.js';

const CLAIM = { do: 'claim', isMuted: false };
const OPEN = { do: 'open-microphone' };
const LEAVE = [{ do: 'disagree' }, { do: 'close-microphone' }];

/** An air machine, with a clock that each event moves by a second. */
function make() {
  const air = new OnAir();
  let now = 100;
  const handle = (type, more = {}) => air.handle({ type, ...more }, now++);
  return {
    air, handle,
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

test('a page that enters the room is off the air', () => {
  const { air, join } = make();
  assert.deepEqual(join(), []);
  assert.equal(air.phase, 'off');
});

test('the page claims the air when the microphone gives sound, and is on the air when the server says so', () => {
  const { air, join, handle } = make();
  join();
  assert.deepEqual(handle('go'), [OPEN]);
  assert.equal(air.phase, 'starting');
  assert.deepEqual(handle('sound'), [CLAIM]);
  assert.equal(air.phase, 'starting');
  assert.equal(air.since, null);
  handle('air', { isOnAir: true });
  assert.equal(air.phase, 'on');
  assert.equal(air.since, 103);
});

test('a microphone that gives sound before the button is pressed is claimed at once', () => {
  const { join, handle } = make();
  join();
  assert.deepEqual(handle('sound'), []);
  assert.deepEqual(handle('go'), [CLAIM]);
});

test('a page that is not in the room yet claims the air when it has entered', () => {
  const { handle } = make();
  handle('go');
  assert.deepEqual(handle('sound'), []);
  assert.deepEqual(handle('joined', { isOnAir: false, hasAgreed: false, resumesFrom: null }), [CLAIM]);
});

test('a second press changes nothing', () => {
  const { handle } = onAir();
  assert.deepEqual(handle('go'), []);
});

test('a person who stops takes the agreement back and is muted', () => {
  const { air, handle } = onAir();
  assert.deepEqual(handle('stop'), LEAVE);
  assert.equal(air.phase, 'stopping');
  assert.equal(air.wantsAir, false);
  handle('air', { isOnAir: false });
  assert.equal(air.phase, 'off');
  assert.equal(air.problem, null);
});

test('a person who stops before the station has answered is off the air', () => {
  const { air, join, handle } = make();
  join();
  handle('go');
  handle('sound');
  assert.deepEqual(handle('stop'), LEAVE);
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
  handle('sound');
  handle('air', { isOnAir: true });
  assert.ok(air.since > since);
});

test('a person whom a host takes off the air has no agreement left', () => {
  const { air, handle } = onAir();
  assert.deepEqual(handle('air', { isOnAir: false }), LEAVE);
  assert.equal(air.phase, 'off');
  assert.equal(air.problem, 'taken-off');
});

test('a host takes a person without a microphone off the air, too', () => {
  const { air, handle } = onAir();
  handle('no-sound');
  assert.deepEqual(handle('air', { isOnAir: false }), LEAVE);
  assert.equal(air.problem, 'taken-off');
});

test('after an interruption the page claims the air again, and the clock goes on', () => {
  const { air, handle, since, time } = onAir();
  const lostAt = time();
  handle('lost');
  assert.equal(air.phase, 'broken');
  assert.equal(air.brokenSince, lostAt);
  // The server has started again and knows nothing of the air.
  assert.deepEqual(handle('joined', { isOnAir: false, hasAgreed: false, resumesFrom: null }), [CLAIM]);
  assert.equal(air.phase, 'broken');
  assert.equal(air.brokenSince, lostAt);
  handle('air', { isOnAir: true });
  assert.equal(air.phase, 'on');
  assert.equal(air.since, since);
  assert.equal(air.brokenSince, null);
});

test('after an interruption that the server did not notice, the page is on the air at once', () => {
  const { air, handle } = onAir();
  handle('lost');
  assert.deepEqual(handle('joined', { isOnAir: true, hasAgreed: true, resumesFrom: null }), [CLAIM]);
  assert.equal(air.phase, 'on');
});

test('a person who was muted stays muted after an interruption', () => {
  const { air, handle } = onAir();
  assert.deepEqual(handle('mute', { on: true }), [{ do: 'mute', on: true }]);
  handle('lost');
  assert.deepEqual(handle('joined', { isOnAir: true, hasAgreed: true, resumesFrom: null }), [{ do: 'claim', isMuted: true }]);
  assert.equal(air.isMuted, true);
});

test('a person who stops while the line is broken is off the air when the line is back', () => {
  const { air, handle } = onAir();
  handle('lost');
  assert.deepEqual(handle('stop'), LEAVE);
  assert.equal(air.phase, 'off');
  assert.deepEqual(
    handle('joined', { isOnAir: true, hasAgreed: true, resumesFrom: null }), [{ do: 'disagree' }]);
});

test('a page that was loaded again goes on, where the server still has the agreement', () => {
  const { air, join, handle } = make();
  assert.deepEqual(join({ isOnAir: true, hasAgreed: true, resumesFrom: 40 }), [OPEN]);
  assert.equal(air.phase, 'broken');
  assert.deepEqual(handle('sound'), [CLAIM]);
  assert.equal(air.phase, 'on');
  assert.equal(air.since, 40);
  handle('stop');
  assert.equal(air.wantsAir, false);
});

test('a page that was loaded again stays off the air where the server has no agreement', () => {
  const { air, join } = make();
  assert.deepEqual(join({ resumesFrom: 40 }), []);
  assert.equal(air.phase, 'off');
});

test('a page that was not on the air takes an old agreement back', () => {
  const { air, handle } = make();
  assert.deepEqual(handle('joined', { isOnAir: true, hasAgreed: true, resumesFrom: null }), [{ do: 'disagree' }]);
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
