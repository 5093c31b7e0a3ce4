import assert from 'node:assert/strict';
import test from 'node:test';
import { Playhead } from '../../../../web/js/playback/engines/playhead.js';

const STEP_SECONDS = 0.042;

/** The reading of a clock that goes in steps of 0.04 s. */
const stepped = (now, rate = 1) => Math.floor(now / 0.04) * 0.04 * rate;

/** Reads every `interval` seconds from `from` to `to`. Returns the largest error after `settled`. */
function worst(playhead, { rate = 1, interval = 0.0173, from = 0, to = 10, settled = 2 }) {
  let worst = 0;
  for (let now = from; now < to; now += interval) {
    const error = playhead.read(stepped(now, rate), now, rate) - now * rate;
    if (now >= settled) worst = Math.max(worst, Math.abs(error));
  }
  return worst;
}

test('the playhead moves between two steps', () => {
  assert.ok(worst(new Playhead(STEP_SECONDS), {}) < 0.002);
  assert.ok(worst(new Playhead(STEP_SECONDS), { rate: 1.005 }) < 0.002);
});

test('readings that beat with the steps are corrected by other readings', () => {
  const alone = new Playhead(STEP_SECONDS);
  for (let now = 0.03; now < 4; now += 0.12) alone.read(stepped(now), now, 1);
  assert.ok(Math.abs(alone.read(stepped(4.23), 4.23, 1) - 4.23) > 0.02);
  const helped = new Playhead(STEP_SECONDS);
  for (let now = 0.03; now < 4; now += 0.12) {
    helped.read(stepped(now), now, 1);
    helped.read(stepped(now + 0.011), now + 0.011, 1);
  }
  assert.ok(Math.abs(helped.read(stepped(4.23), 4.23, 1) - 4.23) < 0.002);
});

test('a change of the rate causes no error', () => {
  const playhead = new Playhead(STEP_SECONDS);
  let [time, rate, worst] = [0, 1, 0];
  for (let i = 0; i < 1000; i++) {
    const now = i * 0.01;
    if (i === 500) rate = 1.005;
    if (i % 4 === 0) worst = Math.max(worst, Math.abs(playhead.read(time, now, rate) - time));
    else playhead.read(time - (i % 4) * 0.01 * rate, now, rate);
    time += 0.01 * rate;
  }
  assert.ok(worst < 0.001, `${worst}`);
});

test('where the clock stands still, the playhead goes at most one step too far', () => {
  const playhead = new Playhead(STEP_SECONDS);
  worst(playhead, { to: 5 });
  for (let now = 5; now < 7; now += 0.1) assert.ok(playhead.read(5, now, 1) <= 5 + STEP_SECONDS + 1e-9);
  assert.ok(Math.abs(playhead.read(5, 7.1, 1) - 5) < 0.1);
});

test('a paused playhead stays where it is', () => {
  const playhead = new Playhead(STEP_SECONDS);
  worst(playhead, { to: 5 });
  const there = playhead.read(4.96, 5, 0);
  assert.ok(Math.abs(there - 5) < 0.002, `${there}`);
  assert.ok(Math.abs(playhead.read(4.96, 5.9, 0) - there) < 0.002);
  // The playhead resumes from there.
  playhead.read(4.96, 6, 1);
  assert.ok(Math.abs(playhead.read(5, 6.02, 1) - 5.02) < 0.002);
});

test('a clock that was set counts at once, and so does a clock without steps', () => {
  const playhead = new Playhead(STEP_SECONDS);
  worst(playhead, { to: 5 });
  playhead.forget();
  assert.equal(playhead.read(100, 5, 1), 100);
  const right = new Playhead(0);
  for (const [time, now] of [[1, 1], [1.9, 2], [2.5, 3], [9, 3.1], [4, 3.2]]) assert.equal(right.read(time, now, 1), time);
});
