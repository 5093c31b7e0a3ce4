import assert from 'node:assert/strict';
import test from 'node:test';
import { LivePlanner } from '../../../web/js/playback/live-planner.js';
import { Cushion } from '../../../web/js/playback/cushion.js';
import { Simulation } from './simulation.mjs';

const HOUR = 3600;

function playlist(first, last, { durationSeconds = 2, ended = false, discontinuities = [] } = {}) {
  const entries = [];
  for (let sequence = first; sequence <= last; sequence++) {
    const discontinuity = discontinuities.includes(sequence);
    const url = `http://server/live/${sequence}.mp3`;
    entries.push({ sequence, url, durationSeconds, date: sequence * 2000, discontinuity, isRecording: false });
  }
  const upcoming = { date: null, discontinuity: false };
  return { targetDurationSeconds: 2, discontinuitySequence: 0, ended, entries, upcoming };
}

function newPlanner(requestedSeconds = 0) {
  const cushion = new Cushion({ floorSeconds: 0.12, primerSeconds: 0, lostAfterStallSeconds: 0, deadbandSeconds: 0.03, crossingSeconds: 0 });
  cushion.request(requestedSeconds);
  return new LivePlanner(cushion);
}

/** Goes where it is told. */
function join(planner, place) {
  planner.fetchFrom(place);
}

/** A follower that plays live: its playlist 1 … 10 loaded at 100 s, one second after it had ended. */
function playing() {
  const planner = newPlanner();
  join(planner, planner.loaded(playlist(1, 10), 100, 1, 0));
  planner.received(planner.segmentToFetch(0), 0.95);
  return planner;
}

test('starts in the segment that is being recorded, at the place that the cushion asks for', () => {
  const planner = newPlanner();
  const { sequence, offsetSeconds, afterCushion } = planner.loaded(playlist(1, 10), 100, 1, 0);
  assert.deepEqual([sequence, afterCushion], [11, false]);
  assert.ok(offsetSeconds > 0.6 && offsetSeconds < 0.8, `${offsetSeconds}`);
  assert.equal(planner.isLive, true);
});

test('starts in the last that is listed where the one that is being recorded has only just begun', () => {
  const { sequence, offsetSeconds } = newPlanner().loaded(playlist(1, 10), 100, 0.1, 0);
  assert.equal(sequence, 10);
  assert.ok(offsetSeconds > 1.7 && offsetSeconds < 2, `${offsetSeconds}`);
});

test('starts further back for who does not want to be interrupted', () => {
  const { sequence, offsetSeconds } = newPlanner(10).loaded(playlist(1, 10), 100, 1, 0);
  assert.ok(sequence === 6 && offsetSeconds < 1, `${sequence} ${offsetSeconds}`);
});

test('a wish for more than there is gets what there is', () => {
  const planner = newPlanner(10);
  join(planner, planner.loaded(playlist(1, 2), 100, 1, 0));
  assert.equal(planner.nextSequence, 2);
  assert.equal(planner.hasEnough(2.2, 100), true);
  assert.equal(planner.hasEnough(1.9, 100), false);
});

test('what comes in longer chunks asks for more in hand at the start', () => {
  const planner = newPlanner();
  join(planner, planner.loaded(playlist(1, 10), 100, 1, 0));
  assert.equal(planner.hasEnough(0.2, 100), true);
  planner.setArrivals(null, 0.4);
  assert.equal(planner.hasEnough(0.3, 100), false);
  assert.equal(planner.hasEnough(0.33, 100), true);
});

test('a listener who does not want to play gets no place, only the playlist', () => {
  const planner = newPlanner();
  assert.equal(planner.loaded(playlist(1, 10), 100, 0.1, null), null);
  assert.deepEqual([planner.first, planner.last], [1, 10]);
  assert.equal(planner.segmentToFetch(0), null);
});

test('fetches what is listed, then what grows, one after the other, and needs no playlist meanwhile', () => {
  const planner = newPlanner();
  join(planner, { sequence: planner.loaded(playlist(1, 10), 100, 0.1, 0).sequence - 1, offsetSeconds: 0 });
  const fetched = [];
  for (let i = 0; i < 4; i++) {
    const entry = planner.segmentToFetch(1);
    fetched.push([entry.url, entry.isRecording, entry.date]);
    planner.received(entry, 2);
    planner.completed(entry, 2);
  }
  assert.deepEqual(fetched, [
    ['http://server/live/9.mp3', false, 18_000], ['http://server/live/10.mp3', false, 20_000],
    ['http://server/live/11.mp3', true, 22_000], ['http://server/live/12.mp3', true, 24_000],
  ]);
  assert.deepEqual([planner.first, planner.last], [3, 12], 'the window has moved on');
  let at = 104;
  for (let last = 12; at < 200; last += 2, at = planner.reloadAt(true)) {
    planner.loaded(playlist(last - 9, last), at, 0.1, 0.2);
    join(planner, { sequence: last + 1, offsetSeconds: 0.1 });
  }
  planner.loaded(playlist(101, 110), at, 0.1, 0.2);
  join(planner, { sequence: 111, offsetSeconds: 0.1 });
  assert.equal(planner.reloadAt(true), at + 30, 'but for a look now and then');
  assert.ok(planner.reloadAt(false) <= at + 2, 'who does not play looks at the playlist');
});

test('the cushion counts what is in hand of the segment that grows', () => {
  const planner = playing();
  assert.ok(Math.abs(planner.distanceSeconds(0.2) - (0.2 - 0.95)) < 1e-9);
  assert.ok(Math.abs(planner.behindEdgeSeconds(0.2, 100) - (0.2 + 0.05)) < 1e-9);
});

test('a server that gives no segment before it is complete is polled as the RFC has it', () => {
  const planner = newPlanner();
  join(planner, planner.loaded(playlist(1, 10), 100, 1, 0));
  planner.missing(planner.segmentToFetch(0));
  assert.equal(planner.segmentToFetch(0), null);
  assert.equal(planner.reloadAt(true), 101);
  assert.equal(planner.hasEnough(1, 101), false, 'more is needed from one segment to the next');
  planner.loaded(playlist(2, 11), 101, 0, 0);
  assert.equal(planner.segmentToFetch(0).url, 'http://server/live/11.mp3');
  assert.equal(planner.segmentToFetch(0).isRecording, false);
});

test('names that are no numbers can’t be foretold: such a stream is polled, too', () => {
  const planner = newPlanner();
  const named = playlist(1, 10);
  for (const entry of named.entries) entry.url = `http://server/live/${entry.sequence}-abc.mp3`;
  join(planner, planner.loaded(named, 100, 1, 0));
  assert.equal(planner.recording, null);
  planner.fetchFrom({ sequence: 11, offsetSeconds: 0 });
  assert.equal(planner.segmentToFetch(0), null);
});

test('what is lost in an outage is asked for again, from where it broke off', () => {
  const planner = playing();
  planner.received(planner.segmentToFetch(0), 1.8);
  assert.equal(planner.loaded(playlist(2, 11), 101.2, 0.2, 0.1), null);
  assert.deepEqual([planner.segmentToFetch(0).sequence, planner.segmentToFetch(0).isRecording, planner.nextOffsetSeconds], [11, false, 1.8]);
});

test('after a longer outage playback jumps', () => {
  const planner = playing();
  assert.equal(planner.loaded(playlist(3, 12), 105, 1, 0).sequence, 13);
});

test('what has left the playlist is not waited for', () => {
  const planner = playing();
  assert.equal(planner.loaded(playlist(40, 49), 178, 1, 0).sequence, 50);
});

test('a stream that has moved on is joined after what is in hand, but not after a sleep', () => {
  const planner = playing();
  assert.equal(planner.loaded(playlist(40, 42), 104, 0.1, 1.5).afterCushion, true);
  const sleeper = playing();
  assert.equal(sleeper.loaded(playlist(40, 42), 1004, 0.1, 1.5).afterCushion, false);
});

test('a restarted server that goes on counting costs no jump', () => {
  const planner = playing();
  planner.received(planner.segmentToFetch(0), 1.8);
  assert.equal(planner.loaded(playlist(2, 11, { discontinuities: [11] }), 101.1, 0.1, 0.2), null);
  assert.equal(planner.discontinuities, 1);
  assert.equal(planner.segmentToFetch(0.2).sequence, 11);
});

test('a discontinuity is counted once, and not at all when it was there from the start', () => {
  const planner = newPlanner();
  planner.loaded(playlist(1, 10, { discontinuities: [4] }), 100, 0.1, null);
  planner.loaded(playlist(2, 11, { discontinuities: [4, 11] }), 102, 0.1, null);
  planner.loaded({ ...playlist(5, 14, { discontinuities: [11] }), discontinuitySequence: 1 }, 108, 0.1, null);
  assert.equal(planner.discontinuities, 1);
});

for (const set of [3600, -3600]) {
  test(`a server whose clock is set by ${set} s, and whose dates are not yet, costs no jump`, () => {
    const planner = playing();
    assert.equal(planner.loaded(playlist(1, 10), 100.2, 1.2 + set, 0.2), null);
    assert.ok(Math.abs(planner.edgeAgeSeconds(100.2) - 1.2) < 1e-9, `${planner.edgeAgeSeconds(100.2)}`);
    assert.equal(planner.reloadAt(true), 103.2, 'it looks again when there is a segment more');
    // Dates follow; then they are gone by again.
    assert.equal(planner.loaded(playlist(1, 10), 100.4, 1.3, 0.2), null);
    assert.ok(Math.abs(planner.edgeAgeSeconds(100.4) - 1.3) < 1e-9);
  });
}

test('a date that is corrected while its segment grows is the one that the next is counted from', () => {
  const planner = playing();
  const entry = planner.segmentToFetch(0.2);
  const corrected = { ...playlist(1, 10), upcoming: { date: 3_622_000, discontinuity: false } };
  assert.equal(planner.loaded(corrected, 100.5, 1.5, 0.2), null);
  planner.completed(entry, 2);
  assert.deepEqual([planner.segmentToFetch(0.2).sequence, planner.segmentToFetch(0.2).date], [12, 3_624_000]);
});

test('dates that are in doubt are looked up at once, and once', () => {
  const planner = playing();
  assert.equal(planner.reloadAt(true), 130);
  planner.doubtDates();
  assert.equal(planner.reloadAt(true), 100);
  assert.equal(planner.loaded(playlist(1, 10), 100.5, 1.5, 0.2), null);
  assert.equal(planner.reloadAt(true), 103.5);
});

test('a stale playlist of a cache is not believed, a new stream is', () => {
  const planner = playing();
  assert.equal(planner.loaded(playlist(1, 8), 102, 0.1, 2), null);
  assert.equal(planner.last, 10);
  assert.equal(planner.loaded(playlist(1, 8), 103, 0.1, 1), null);
  assert.notEqual(planner.loaded(playlist(1, 8), 104, 0.1, 0), null);
  assert.equal(planner.last, 8);
});

test('a segment that is listed but not there is passed over at the second try', () => {
  const planner = newPlanner();
  join(planner, { sequence: planner.loaded(playlist(1, 10), 100, 0.1, 0).sequence - 1, offsetSeconds: 0 });
  planner.missing(planner.segmentToFetch(1));
  assert.equal(planner.segmentToFetch(1).sequence, 9);
  planner.missing(planner.segmentToFetch(1));
  assert.equal(planner.segmentToFetch(1).sequence, 10);
});

test('the listener goes back, and is left there', () => {
  const planner = playing();
  const place = planner.goTo(15, 100);
  assert.ok(place.sequence <= 4, `${place.sequence}`);
  assert.equal(planner.isLive, false);
  join(planner, { sequence: 11, offsetSeconds: 1 });
  for (let i = 0; i < 50; i++) assert.equal(planner.arriving(14.9, 100 + i / 10), null);
});

test('far too much in hand when more arrives: it leaps to where that is as low as it should be', () => {
  const planner = playing();
  let leap = null;
  for (let i = 0; leap === null && i < 9; i++) leap = planner.arriving(2, 100 + i / 10);
  assert.equal(leap.sequence, 11);
  // 0.95 s of it are in hand, and 0.12 s should be when more arrives.
  assert.ok(Math.abs(leap.offsetSeconds - (0.95 - 0.12)) < 1e-9, `${leap.offsetSeconds}`);
});

test('nobody goes back beyond the oldest segment, nor beyond the live end', () => {
  const planner = playing();
  assert.deepEqual(planner.goTo(500, 100), { sequence: 1, offsetSeconds: 0, afterCushion: false });
  planner.goTo(0, 100);
  assert.equal(planner.isLive, true);
});

test('a short pause keeps to live, a longer one does not, and one beyond the ring goes live', () => {
  const planner = playing();
  assert.equal(planner.resume(0.3, 100), null);
  assert.equal(planner.isLive, true);
  planner.loaded(playlist(3, 12), 104, 1, null);
  assert.equal(planner.resume(0.2, 104), null);
  assert.equal(planner.isLive, false);
  planner.loaded(playlist(30, 39), 158, 1, null);
  assert.equal(planner.resume(0.2, 158).sequence, 40);
  assert.equal(planner.isLive, true);
});

test('no more is buffered than memory should hold', () => {
  assert.equal(playing().segmentToFetch(61), null);
});

test('an ended stream is played to its end', () => {
  const planner = playing();
  planner.loaded(playlist(2, 11, { ended: true }), 101, 0, 0.1);
  const last = planner.segmentToFetch(0);
  assert.equal(last.sequence, 11);
  planner.received(last, 2);
  planner.completed(last, 2);
  assert.equal(planner.segmentToFetch(0), null);
  assert.equal(planner.hasEnough(0.05, 101), true);
});

test('six hours beside a sound card that is 200 ppm off the server’s own clock', () => {
  for (const drift of [200e-6, -200e-6]) {
    const simulation = new Simulation({ drift, phase: 0.7 });
    simulation.run(6 * HOUR);
    assert.equal(simulation.stalls, 0, `${drift}`);
  }
});

test('without steering the same session does not hold', () => {
  const simulation = new Simulation({ speaker: 200e-6, phase: 0.7, deadbandSeconds: Infinity });
  simulation.run(6 * HOUR);
  assert.ok(simulation.stalls + simulation.jumps > 0);
});

test('where a change of the rate is heard, it happens once in a long while', () => {
  const simulation = new Simulation({ speaker: 200e-6, phase: 0.7, floorSeconds: 0.3, deadbandSeconds: 0.4 });
  simulation.run(6 * HOUR);
  assert.equal(simulation.stalls, 0);
  assert.ok(simulation.rateChanges < 6 * 8, `${simulation.rateChanges} changes of the rate`);
});

test('segments of half a second, and of ten', () => {
  for (const segmentSeconds of [0.5, 1.92, 10]) {
    const simulation = new Simulation({ segmentSeconds, speaker: 100e-6, phase: 0.3 });
    simulation.run(2 * HOUR);
    assert.equal(simulation.stalls, 0, `${segmentSeconds} s`);
    assert.ok(Math.max(...simulation.behind.slice(60)) < 0.45);
  }
});

test('a network that is late by up to a quarter of a second is played without a break, and no later than needed', () => {
  const simulation = new Simulation({ late: (random) => 0.25 * random() ** 2 });
  simulation.run(120);
  assert.ok(simulation.stalls <= 5, `${simulation.stalls} stalls before that is known`);
  simulation.stalls = 0;
  simulation.run(HOUR);
  assert.ok(simulation.stalls <= 1, `${simulation.stalls} stalls`);
  assert.ok(Math.max(...simulation.behind.slice(600)) < 0.8);
});

test('parts that come half a second late now and then, two at once: little more than a second behind', () => {
  const simulation = new Simulation({ partSeconds: 0.288, late: (random) => 0.5 * random() });
  simulation.run(HOUR);
  assert.equal(simulation.stalls, 0);
  const behind = simulation.behind.slice(60);
  assert.ok(Math.max(...behind) < 1.6, `${Math.max(...behind)} s behind at most`);
});

test('parts that are in time: no more in hand at first than half a second and what it takes until the next look', () => {
  for (const phase of [0, 0.3, 0.7, 1.1]) {
    const simulation = new Simulation({ partSeconds: 0.288, late: () => 0, phase });
    simulation.run(10);
    assert.equal(simulation.stalls, 0);
    assert.ok(Math.max(...simulation.behind) < 1.1, `${simulation.behind}`);
  }
});

test('one that comes in bursts of a second: the cushion grows until it holds', () => {
  const simulation = new Simulation();
  for (let t = 60; t < 1200; t += 7) simulation.server.holes.push([t, t + 1]);
  simulation.run(1200);
  assert.ok(simulation.stalls <= 4, `${simulation.stalls} stalls`);
  assert.ok(simulation.behind.at(-1) < 2.5, `${simulation.behind.at(-1)} s behind`);
  simulation.run(1800);
  assert.ok(simulation.behind.at(-1) < 0.45, `in the calm it is ${simulation.behind.at(-1)} s behind again`);
});

test('who wants never to be interrupted is not, by holes of nine seconds', () => {
  const simulation = new Simulation({ requestedSeconds: 10 });
  for (let t = 60; t < 1200; t += 60) simulation.server.holes.push([t, t + 9]);
  simulation.run(1200);
  assert.equal(simulation.stalls, 0);
});

test('a server that stands still for five seconds: one gap, and as live as before', () => {
  const simulation = new Simulation({ phase: 0.1 });
  simulation.run(60);
  const before = simulation.behind.at(-1);
  simulation.server.holes.push([60, 65]);
  simulation.run(34);
  assert.equal(simulation.stalls, 1);
  assert.ok(simulation.silence < 5.5, `${simulation.silence} s of silence`);
  assert.ok(simulation.behind.at(-1) < before + 0.06, `${simulation.behind.at(-1)} s behind, ${before} s before`);
});

test('a server that gives segments only when they are complete is followed without a break', () => {
  for (const phase of [0.1, 0.7, 1.3, 1.95]) {
    const simulation = new Simulation({ sendsRecording: false, phase, speaker: 100e-6 });
    simulation.run(2 * HOUR);
    assert.ok(simulation.stalls <= 1, `${simulation.stalls} stalls`);
    assert.ok(Math.max(...simulation.behind.slice(600)) < 7, `${Math.max(...simulation.behind.slice(600))} s behind`);
  }
});
