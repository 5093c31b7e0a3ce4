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
  const cushion = new Cushion({
    floorSeconds: 0.12, primerSeconds: 0, outputSeconds: 0, lostAfterStallSeconds: 0, deadbandSeconds: 0.03,
    crossingSeconds: 0,
  });
  cushion.request(requestedSeconds);
  return new LivePlanner(cushion);
}

/** Fetches from the place of a join. */
function join(planner, place) {
  planner.fetchFrom(place);
}

/**
 * A planner that plays live. Its playlist of segments 1 to 10 was loaded at 100 s, one second after segment 10 ended.
 */
function playing() {
  const planner = newPlanner();
  join(planner, planner.loaded(playlist(1, 10), 100, 1, 0));
  planner.received(planner.segmentToFetch(0), 0.95);
  return planner;
}

test('a start is in the recording segment, at the place that the cushion asks for', () => {
  const planner = newPlanner();
  const { sequence, offsetSeconds, afterCushion } = planner.loaded(playlist(1, 10), 100, 1, 0);
  assert.deepEqual([sequence, afterCushion], [11, false]);
  assert.ok(offsetSeconds > 0.6 && offsetSeconds < 0.8, `${offsetSeconds}`);
  assert.equal(planner.isLive, true);
});

test('a start is in the last listed segment where the recording segment has just begun', () => {
  const { sequence, offsetSeconds } = newPlanner().loaded(playlist(1, 10), 100, 0.1, 0);
  assert.equal(sequence, 10);
  assert.ok(offsetSeconds > 1.7 && offsetSeconds < 2, `${offsetSeconds}`);
});

test('a start is further back for a listener who wants no interruption', () => {
  const { sequence, offsetSeconds } = newPlanner(10).loaded(playlist(1, 10), 100, 1, 0);
  assert.ok(sequence === 6 && offsetSeconds < 1, `${sequence} ${offsetSeconds}`);
});

test('a request for a longer cushion than the ring gets the ring', () => {
  const planner = newPlanner(10);
  join(planner, planner.loaded(playlist(1, 2), 100, 1, 0));
  assert.equal(planner.nextSequence, 2);
  assert.equal(planner.hasEnough(2.2, 100), true);
  assert.equal(planner.hasEnough(1.9, 100), false);
});

test('longer chunks need a larger cushion at the start', () => {
  const planner = newPlanner();
  join(planner, planner.loaded(playlist(1, 10), 100, 1, 0));
  assert.equal(planner.hasEnough(0.2, 100), true);
  planner.setArrivals(null, 0.4);
  assert.equal(planner.hasEnough(0.3, 100), false);
  assert.equal(planner.hasEnough(0.33, 100), true);
});

test('without a listener the playlist is kept, and no join follows', () => {
  const planner = newPlanner();
  assert.equal(planner.loaded(playlist(1, 10), 100, 0.1, null), null);
  assert.deepEqual([planner.first, planner.last], [1, 10]);
  assert.equal(planner.segmentToFetch(0), null);
});

test('listed segments are fetched, then recording segments, without a playlist between them', () => {
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
  assert.deepEqual([planner.first, planner.last], [3, 12], 'the window has moved');
  let at = 104;
  for (let last = 12; at < 200; last += 2, at = planner.reloadAt(true)) {
    planner.loaded(playlist(last - 9, last), at, 0.1, 0.2);
    join(planner, { sequence: last + 1, offsetSeconds: 0.1 });
  }
  planner.loaded(playlist(101, 110), at, 0.1, 0.2);
  join(planner, { sequence: 111, offsetSeconds: 0.1 });
  assert.equal(planner.reloadAt(true), at + 30, 'but from time to time the playlist is loaded');
  assert.ok(planner.reloadAt(false) <= at + 2, 'a page that does not play loads the playlist');
});

test('the distance from live counts the downloaded part of the recording segment', () => {
  const planner = playing();
  assert.ok(Math.abs(planner.distanceSeconds(0.2) - (0.2 - 0.95)) < 1e-9);
  assert.ok(Math.abs(planner.behindEdgeSeconds(0.2, 100) - (0.2 + 0.05)) < 1e-9);
});

test('a server that refuses recording segments is polled by the RFC’s rule', () => {
  const planner = newPlanner();
  join(planner, planner.loaded(playlist(1, 10), 100, 1, 0));
  planner.missing(planner.segmentToFetch(0));
  assert.equal(planner.segmentToFetch(0), null);
  assert.equal(planner.reloadAt(true), 101);
  assert.equal(planner.hasEnough(1, 101), false, 'a longer cushion is needed from one segment to the next');
  planner.loaded(playlist(2, 11), 101, 0, 0);
  assert.equal(planner.segmentToFetch(0).url, 'http://server/live/11.mp3');
  assert.equal(planner.segmentToFetch(0).isRecording, false);
});

test('a stream whose segment names are no numbers is polled, too', () => {
  const planner = newPlanner();
  const named = playlist(1, 10);
  for (const entry of named.entries) entry.url = `http://server/live/${entry.sequence}-abc.mp3`;
  join(planner, planner.loaded(named, 100, 1, 0));
  assert.equal(planner.recording, null);
  planner.fetchFrom({ sequence: 11, offsetSeconds: 0 });
  assert.equal(planner.segmentToFetch(0), null);
});

test('after a short outage the download continues where it broke off', () => {
  const planner = playing();
  planner.received(planner.segmentToFetch(0), 1.8);
  assert.equal(planner.loaded(playlist(2, 11), 101.2, 0.2, 0.1), null);
  const { sequence, isRecording } = planner.segmentToFetch(0);
  assert.deepEqual([sequence, isRecording, planner.nextOffsetSeconds], [11, false, 1.8]);
});

test('after a longer outage playback jumps', () => {
  const planner = playing();
  assert.equal(planner.loaded(playlist(3, 12), 105, 1, 0).sequence, 13);
});

test('a segment that has left the playlist is not waited for', () => {
  const planner = playing();
  assert.equal(planner.loaded(playlist(40, 49), 178, 1, 0).sequence, 50);
});

test('a stream that has moved on is joined after the cushion, but at once after a sleep', () => {
  const planner = playing();
  assert.equal(planner.loaded(playlist(40, 42), 104, 0.1, 1.5).afterCushion, true);
  const sleeper = playing();
  assert.equal(sleeper.loaded(playlist(40, 42), 1004, 0.1, 1.5).afterCushion, false);
});

test('a restarted server that continues the numbers causes no jump', () => {
  const planner = playing();
  planner.received(planner.segmentToFetch(0), 1.8);
  assert.equal(planner.loaded(playlist(2, 11, { discontinuities: [11] }), 101.1, 0.1, 0.2), null);
  assert.equal(planner.discontinuities, 1);
  assert.equal(planner.segmentToFetch(0.2).sequence, 11);
});

test('a discontinuity is counted once, and not if the first playlist had it', () => {
  const planner = newPlanner();
  planner.loaded(playlist(1, 10, { discontinuities: [4] }), 100, 0.1, null);
  planner.loaded(playlist(2, 11, { discontinuities: [4, 11] }), 102, 0.1, null);
  planner.loaded({ ...playlist(5, 14, { discontinuities: [11] }), discontinuitySequence: 1 }, 108, 0.1, null);
  assert.equal(planner.discontinuities, 1);
});

for (const set of [3600, -3600]) {
  test(`a server whose clock is set by ${set} s, and whose dates follow later, causes no jump`, () => {
    const planner = playing();
    assert.equal(planner.loaded(playlist(1, 10), 100.2, 1.2 + set, 0.2), null);
    assert.ok(Math.abs(planner.edgeAgeSeconds(100.2) - 1.2) < 1e-9, `${planner.edgeAgeSeconds(100.2)}`);
    assert.equal(planner.reloadAt(true), 103.2, 'the playlist is loaded again when another segment is listed');
    // The dates follow, and are credible again.
    assert.equal(planner.loaded(playlist(1, 10), 100.4, 1.3, 0.2), null);
    assert.ok(Math.abs(planner.edgeAgeSeconds(100.4) - 1.3) < 1e-9);
  });
}

test('the next segment’s date follows a date that was corrected during the recording', () => {
  const planner = playing();
  const entry = planner.segmentToFetch(0.2);
  const corrected = { ...playlist(1, 10), upcoming: { date: 3_622_000, discontinuity: false } };
  assert.equal(planner.loaded(corrected, 100.5, 1.5, 0.2), null);
  planner.completed(entry, 2);
  assert.deepEqual([planner.segmentToFetch(0.2).sequence, planner.segmentToFetch(0.2).date], [12, 3_624_000]);
});

test('doubtful dates cause one load at once', () => {
  const planner = playing();
  assert.equal(planner.reloadAt(true), 130);
  planner.doubtDates();
  assert.equal(planner.reloadAt(true), 100);
  assert.equal(planner.loaded(playlist(1, 10), 100.5, 1.5, 0.2), null);
  assert.equal(planner.reloadAt(true), 103.5);
});

test('a stale playlist of a cache is ignored, a new stream is not', () => {
  const planner = playing();
  assert.equal(planner.loaded(playlist(1, 8), 102, 0.1, 2), null);
  assert.equal(planner.last, 10);
  assert.equal(planner.loaded(playlist(1, 8), 103, 0.1, 1), null);
  assert.notEqual(planner.loaded(playlist(1, 8), 104, 0.1, 0), null);
  assert.equal(planner.last, 8);
});

test('a listed segment that is missing is skipped at the second try', () => {
  const planner = newPlanner();
  join(planner, { sequence: planner.loaded(playlist(1, 10), 100, 0.1, 0).sequence - 1, offsetSeconds: 0 });
  planner.missing(planner.segmentToFetch(1));
  assert.equal(planner.segmentToFetch(1).sequence, 9);
  planner.missing(planner.segmentToFetch(1));
  assert.equal(planner.segmentToFetch(1).sequence, 10);
});

test('a listener who goes back stays there', () => {
  const planner = playing();
  const place = planner.goTo(15, 100);
  assert.ok(place.sequence <= 4, `${place.sequence}`);
  assert.equal(planner.isLive, false);
  join(planner, { sequence: 11, offsetSeconds: 1 });
  for (let i = 0; i < 50; i++) assert.equal(planner.arriving(14.9, 100 + i / 10), null);
});

test('a cushion that is far too large at a delivery causes a jump to the target', () => {
  const planner = playing();
  let leap = null;
  for (let i = 0; leap === null && i < 9; i++) leap = planner.arriving(2, 100 + i / 10);
  assert.equal(leap.sequence, 11);
  // 0.95 s of the segment are downloaded, and the target is 0.12 s.
  assert.ok(Math.abs(leap.offsetSeconds - (0.95 - 0.12)) < 1e-9, `${leap.offsetSeconds}`);
});

test('a seek ends at the oldest segment and at the live edge', () => {
  const planner = playing();
  assert.deepEqual(planner.goTo(500, 100), { sequence: 1, offsetSeconds: 0, afterCushion: false });
  planner.goTo(0, 100);
  assert.equal(planner.isLive, true);
});

test('a short pause stays live, a longer one does not, and one longer than the ring goes live', () => {
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

test('the download stops at a minute ahead', () => {
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

test('six hours with the server’s sound card 200 ppm off its clock cause no stall', () => {
  for (const drift of [200e-6, -200e-6]) {
    const simulation = new Simulation({ drift, phase: 0.7 });
    simulation.run(6 * HOUR);
    assert.equal(simulation.stalls, 0, `${drift}`);
  }
});

test('without steering the same session stalls or jumps', () => {
  const simulation = new Simulation({ speaker: 200e-6, phase: 0.7, deadbandSeconds: Infinity });
  simulation.run(6 * HOUR);
  assert.ok(simulation.stalls + simulation.jumps > 0);
});

test('where a change of the rate is audible, changes are rare', () => {
  const simulation = new Simulation({ speaker: 200e-6, phase: 0.7, floorSeconds: 0.3, deadbandSeconds: 0.4 });
  simulation.run(6 * HOUR);
  assert.equal(simulation.stalls, 0);
  assert.ok(simulation.rateChanges < 6 * 8, `${simulation.rateChanges} changes of the rate`);
});

test('segments of half a second and of ten seconds play without a stall', () => {
  for (const segmentSeconds of [0.5, 1.92, 10]) {
    const simulation = new Simulation({ segmentSeconds, speaker: 100e-6, phase: 0.3 });
    simulation.run(2 * HOUR);
    assert.equal(simulation.stalls, 0, `${segmentSeconds} s`);
    assert.ok(Math.max(...simulation.behind.slice(60)) < 0.45);
  }
});

test('a network that is late by up to a quarter of a second causes few stalls and little delay', () => {
  const simulation = new Simulation({ late: (random) => 0.25 * random() ** 2 });
  simulation.run(120);
  assert.ok(simulation.stalls <= 5, `${simulation.stalls} stalls before the lateness is known`);
  simulation.stalls = 0;
  simulation.run(HOUR);
  assert.ok(simulation.stalls <= 1, `${simulation.stalls} stalls`);
  assert.ok(Math.max(...simulation.behind.slice(600)) < 0.8);
});

test('parts that come up to half a second late cause no stall and little more than a second of delay', () => {
  const simulation = new Simulation({ partSeconds: 0.288, late: (random) => 0.5 * random() });
  simulation.run(HOUR);
  assert.equal(simulation.stalls, 0);
  const behind = simulation.behind.slice(60);
  assert.ok(Math.max(...behind) < 1.6, `${Math.max(...behind)} s behind at most`);
});

test('parts that come in time cause a delay of little more than a second from the start', () => {
  for (const phase of [0, 0.3, 0.7, 1.1]) {
    const simulation = new Simulation({ partSeconds: 0.288, late: () => 0, phase });
    simulation.run(10);
    assert.equal(simulation.stalls, 0);
    assert.ok(Math.max(...simulation.behind) < 1.1, `${simulation.behind}`);
  }
});

test('a network with gaps of a second makes the cushion grow until the sound holds', () => {
  const simulation = new Simulation();
  for (let t = 60; t < 1200; t += 7) simulation.server.holes.push([t, t + 1]);
  simulation.run(1200);
  assert.ok(simulation.stalls <= 4, `${simulation.stalls} stalls`);
  assert.ok(simulation.behind.at(-1) < 2.5, `${simulation.behind.at(-1)} s behind`);
  simulation.run(1800);
  assert.ok(simulation.behind.at(-1) < 0.45, `after the gaps it is ${simulation.behind.at(-1)} s behind again`);
});

test('a listener who wants no interruption hears none in gaps of nine seconds', () => {
  const simulation = new Simulation({ requestedSeconds: 10 });
  for (let t = 60; t < 1200; t += 60) simulation.server.holes.push([t, t + 9]);
  simulation.run(1200);
  assert.equal(simulation.stalls, 0);
});

test('a server that stands still for five seconds causes one stall and no lasting delay', () => {
  const simulation = new Simulation({ phase: 0.1 });
  simulation.run(60);
  const before = simulation.behind.at(-1);
  simulation.server.holes.push([60, 65]);
  simulation.run(34);
  assert.equal(simulation.stalls, 1);
  assert.ok(simulation.silence < 5.5, `${simulation.silence} s of silence`);
  assert.ok(simulation.behind.at(-1) < before + 0.06, `${simulation.behind.at(-1)} s behind, ${before} s before`);
});

test('a server that sends only complete segments causes at most one stall', () => {
  for (const phase of [0.1, 0.7, 1.3, 1.95]) {
    const simulation = new Simulation({ sendsRecording: false, phase, speaker: 100e-6 });
    simulation.run(2 * HOUR);
    assert.ok(simulation.stalls <= 1, `${simulation.stalls} stalls`);
    assert.ok(Math.max(...simulation.behind.slice(600)) < 7, `${Math.max(...simulation.behind.slice(600))} s behind`);
  }
});
