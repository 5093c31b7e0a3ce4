import assert from 'node:assert/strict';
import test from 'node:test';
import { Follower } from '../../web/js/follower.js';
import { Simulation } from './simulation.mjs';

const HOUR = 3600;

function playlist(first, last, { duration = 2, ended = false, discontinuities = [] } = {}) {
  const entries = [];
  for (let sequence = first; sequence <= last; sequence++) {
    const discontinuity = discontinuities.includes(sequence);
    entries.push({ sequence, url: `${sequence}`, duration, date: sequence * 2000, discontinuity });
  }
  return { targetDuration: 2, discontinuitySequence: 0, ended, entries };
}

/** A follower that plays live: its playlist 1 … 10 loaded at 100 s, everything fetched, 3.2 s in hand. */
function playing() {
  const follower = new Follower(0.15);
  follower.next = follower.loaded(playlist(1, 10), 100, 0.1, 0).sequence;
  while (follower.wanted(3, 100)) follower.fetched(follower.wanted(3, 100));
  return follower;
}

test('starts near the live end, at the place that the cushion asks for', () => {
  const follower = new Follower(0.15);
  const join = follower.loaded(playlist(1, 10), 100, 0.1, 0);
  assert.equal(join.sequence, 9);
  assert.ok(join.offset > 0 && join.offset < 1, `${join.offset}`);
  assert.equal(follower.live, true);
});

test('a listener who does not want to play gets no place, only the playlist', () => {
  const follower = new Follower(0.15);
  assert.equal(follower.loaded(playlist(1, 10), 100, 0.1, null), null);
  assert.equal(follower.first, 1);
  assert.equal(follower.last, 10);
  assert.equal(follower.wanted(0, 100), null);
});

test('fetches what is listed, in order', () => {
  const follower = new Follower(0.15);
  follower.next = follower.loaded(playlist(1, 10), 100, 0.1, 0).sequence;
  const fetched = [];
  for (let entry; (entry = follower.wanted(1, 100));) {
    fetched.push(entry.sequence);
    follower.fetched(entry);
  }
  assert.deepEqual(fetched, [9, 10]);
});

test('a stream that has only just begun is waited for until it can be played for good', () => {
  const follower = new Follower(0.15);
  follower.next = follower.loaded(playlist(1, 1), 100, 0.1, 0).sequence;
  assert.equal(follower.wanted(0, 100), null);
  follower.loaded(playlist(1, 2), 102, 0.1, 0);
  assert.equal(follower.wanted(0, 102).sequence, 1);
});

test('after a stall playback waits for more than one segment, whatever scrap is left', () => {
  const follower = playing();
  follower.stalled(103);
  follower.loaded(playlist(2, 11), 105, 1, 0.12);
  assert.equal(follower.wanted(0.12, 105), null);
  follower.loaded(playlist(3, 12), 106, 0.1, 0.12);
  assert.equal(follower.wanted(0.12, 106).sequence, 11);
  follower.fetched(follower.wanted(0.12, 106));
  assert.equal(follower.wanted(2.12, 106).sequence, 12);
});

test('after a short outage the missed time is played, and won back', () => {
  const follower = playing();
  assert.equal(follower.loaded(playlist(2, 11), 105, 3, 0.2), null);
  assert.equal(follower.wanted(0.2, 105).sequence, 11);
});

test('after a long outage playback jumps', () => {
  const follower = playing();
  const join = follower.loaded(playlist(9, 18), 116, 0.1, 0);
  assert.equal(join.sequence, 17);
});

test('what has left the playlist is not waited for', () => {
  const follower = playing();
  const join = follower.loaded(playlist(40, 49), 178, 0.1, 0);
  assert.equal(join.sequence, 48);
});

test('a stream that has moved on is joined after what is in hand', () => {
  const follower = playing();
  const join = follower.loaded(playlist(40, 42), 104, 0.1, 1.5);
  assert.equal(join.afterCushion, true);
  assert.deepEqual([join.sequence, join.offset > 0], [42, true], 'and so much nearer to its end');
});

test('a restarted server that goes on counting costs no jump', () => {
  const follower = playing();
  assert.equal(follower.loaded(playlist(2, 11, { discontinuities: [11] }), 103, 0.1, 0.3), null);
  assert.equal(follower.discontinuities, 1);
  assert.equal(follower.wanted(0.3, 103).sequence, 11);
});

test('a discontinuity is counted once, and not at all when it was there from the start', () => {
  const follower = new Follower(0.15);
  follower.loaded(playlist(1, 10, { discontinuities: [4] }), 100, 0.1, null);
  follower.loaded(playlist(2, 11, { discontinuities: [4, 11] }), 102, 0.1, null);
  follower.loaded(playlist(5, 14, { discontinuities: [11] }), 108, 0.1, null);
  assert.equal(follower.discontinuities, 1);
});

test('a stale playlist of a cache is not believed, a new stream is', () => {
  const follower = playing();
  assert.equal(follower.loaded(playlist(1, 8), 102, 0.1, 2), null);
  assert.equal(follower.last, 10);
  assert.equal(follower.loaded(playlist(1, 8), 103, 0.1, 1), null);
  assert.notEqual(follower.loaded(playlist(1, 8), 104, 0.1, 0), null);
  assert.equal(follower.last, 8);
});

test('a segment that is listed but not there is passed over at the second try', () => {
  const follower = playing();
  follower.loaded(playlist(2, 12), 104, 0.1, 1);
  follower.missing(follower.wanted(1, 104));
  assert.equal(follower.wanted(1, 104).sequence, 11);
  follower.missing(follower.wanted(1, 104));
  assert.equal(follower.wanted(1, 104).sequence, 12);
});

test('the listener goes back, and is left there', () => {
  const follower = playing();
  const join = follower.goTo(15, 100);
  assert.ok(join.sequence <= 3, `${join.sequence}`);
  assert.equal(follower.live, false);
  follower.next = 11;
  for (let i = 1; i <= 20; i++) {
    assert.equal(follower.loaded(playlist(1 + i, 10 + i), 100 + 2 * i, 0.1, 14.9), null);
    follower.next = 11 + i;
  }
  assert.equal(follower.rate, 1);
});

test('nobody goes back beyond the oldest segment, nor beyond the live end', () => {
  const follower = playing();
  assert.deepEqual(follower.goTo(500, 100), { sequence: 1, offset: 0, afterCushion: false });
  follower.goTo(0, 100);
  assert.equal(follower.live, true);
});

test('a short pause keeps to live, a longer one does not, and one beyond the ring goes live', () => {
  const follower = playing();
  follower.loaded(playlist(2, 11), 102, 0.1, null);
  assert.equal(follower.resume(1.2, 102), null);
  assert.equal(follower.live, true);
  follower.loaded(playlist(6, 15), 110, 0.1, null);
  assert.equal(follower.resume(1.2, 110), null);
  assert.equal(follower.live, false);
  follower.loaded(playlist(30, 39), 158, 0.1, null);
  assert.equal(follower.resume(1.2, 158).sequence, 38);
  assert.equal(follower.live, true);
});

test('no more is buffered than memory should hold', () => {
  assert.equal(playing().wanted(61, 100), null);
});

test('an ended stream is played to its end', () => {
  const follower = playing();
  follower.loaded(playlist(2, 11, { ended: true }), 102, 0.1, 0);
  assert.equal(follower.wanted(0, 102).sequence, 11);
});

for (const drift of [200e-6, -200e-6]) {
  for (const phase of [0.1, 0.7, 1.3, 1.95]) {
    test(`six hours, clocks ${drift * 1e6} ppm apart, first load at ${phase} s: no stall, no jump`, () => {
      const simulation = new Simulation({ speaker: drift, phase });
      simulation.run(6 * HOUR);
      assert.equal(simulation.stalls, 0);
      assert.equal(simulation.jumps, 0);
      const settled = simulation.behind.slice(HOUR);
      assert.ok(Math.max(...settled) < 4.5, `at most ${Math.max(...settled)} s behind`);
      assert.ok(Math.min(...settled) > 2, `at least ${Math.min(...settled)} s behind`);
      assert.ok(simulation.rateChanges < 6 * 120, `${simulation.rateChanges} changes of the rate`);
    });
  }
}

test('six hours beside a sound card that is 200 ppm off the server’s own clock', () => {
  for (const drift of [200e-6, -200e-6]) {
    const simulation = new Simulation({ drift, phase: 0.7 });
    simulation.run(6 * HOUR);
    assert.equal(simulation.stalls, 0, `${drift}`);
    const most = Math.max(...simulation.behind.slice(HOUR));
    // The reloads fall out of step with its segments until the cushion allows to put one off.
    assert.ok(most < 5.5, `${most} s behind`);
  }
});

test('without steering the same session does not hold', () => {
  const simulation = new Simulation({ speaker: 200e-6, phase: 0.7, deadband: Infinity });
  simulation.run(6 * HOUR);
  assert.ok(simulation.stalls + simulation.jumps > 0);
});

test('where a change of the rate is heard, it happens once in a long while', () => {
  const simulation = new Simulation({ speaker: 200e-6, phase: 0.7, deadband: 1 });
  simulation.run(6 * HOUR);
  assert.equal(simulation.stalls, 0);
  assert.ok(simulation.rateChanges < 6 * 12, `${simulation.rateChanges} changes of the rate`);
});

test('segments of half a second, and of ten', () => {
  for (const segmentLength of [0.5, 1.92, 10]) {
    const simulation = new Simulation({ segmentLength, speaker: 100e-6, phase: 0.3 });
    simulation.run(2 * HOUR);
    assert.equal(simulation.stalls, 0, `${segmentLength} s`);
    const most = Math.max(...simulation.behind.slice(HOUR));
    assert.ok(most < 2.5 * segmentLength + 2, `${most} s behind with ${segmentLength} s`);
  }
});

test('a minute without a server: one gap, one jump, and live again', () => {
  const simulation = new Simulation({ phase: 0.1 });
  simulation.server.outages.push([300, 360]);
  simulation.run(1200);
  assert.equal(simulation.stalls, 1);
  assert.equal(simulation.jumps, 1);
  assert.ok(simulation.silence < 68, `${simulation.silence} s of silence`);
  assert.ok(simulation.behind.at(-1) < 6, `${simulation.behind.at(-1)} s behind`);
});

test('what a stall costs is won back', () => {
  const simulation = new Simulation({ phase: 0.1 });
  simulation.server.outages.push([300, 303]);
  simulation.run(300);
  const before = simulation.behind.at(-1);
  simulation.run(2400);
  assert.ok(simulation.behind.at(-1) < before + 0.5, `${simulation.behind.at(-1)} s behind, ${before} s before`);
});

test('late timers, as hidden pages have them: the cushion grows until it holds', () => {
  const simulation = new Simulation({ phase: 0.1, timers: 0.25 });
  simulation.run(HOUR);
  assert.ok(simulation.stalls <= 5, `${simulation.stalls} stalls`);
  assert.ok(simulation.silence < 3, `${simulation.silence} s of silence`);
  assert.ok(Math.max(...simulation.behind) < 8, `${Math.max(...simulation.behind)} s behind`);
});
