import assert from 'node:assert/strict';
import test from 'node:test';
import { LATENCY_MODES, latencyModeNamed } from '../../../web/js/playback/latency-modes.js';
import { PlayerMachine } from '../../../web/js/playback/player-machine.js';

const NEEDS = {
  floorSeconds: 0.12, primerSeconds: 0, outputSeconds: 0, lostAfterStallSeconds: 0, deadbandSeconds: 0.03,
  crossingSeconds: 0,
};
const INFO = { ringSize: 10, chunkLength: 0.096, promptChunkLength: 0.024, partLength: 0.288 };
const ENGINE = {
  playsFrames: true, wantsEveryFrame: false, cushionSeconds: 0, distanceSeconds: 0, heardDate: null, hasEnded: false,
  isPaused: false, outputHasEnded: false, time: 0,
};
const NATIVE = { ...ENGINE, playsFrames: false };
const WORLD = {
  now: 100, isVisible: true, engine: ENGINE, aheadSeconds: 0, info: INFO, fetchesParts: false, serverTime: null,
};

const CHANGED = { do: 'announce', type: 'change' };
const INTERRUPT = { do: 'interrupt-download' };
const PLAY = { do: 'play-output' };

function playlist(first, last, { ended = false, dateRanges = [] } = {}) {
  const entries = [];
  for (let sequence = first; sequence <= last; sequence++) {
    const url = `http://server/live/${sequence}.mp3`;
    entries.push({ sequence, url, durationSeconds: 2, date: sequence * 2000, discontinuity: false, isRecording: false });
  }
  const upcoming = { date: null, discontinuity: false };
  return { targetDurationSeconds: 2, discontinuitySequence: 0, ended, entries, upcoming, dateRanges };
}

/** The event of a playlist that was loaded at `loadedAt`, one second after its last segment ended. */
const loaded = (list, loadedAt = 100) =>
  ({ type: 'playlist', playlist: list, loadedAt, serverTimeAtLoad: list.entries.at(-1).date + 3000 });

const newMachine = (name = 'low') => new PlayerMachine(latencyModeNamed(name), NEEDS);

/** What a shell does with the join commands: it fetches from the join's place. Returns the names of all commands. */
function perform(machine, commands) {
  for (const { do: name, join } of commands) if (name === 'join') machine.planner.fetchFrom(join);
  return commands.map((command) => command.do);
}

/** A machine that plays live: segments 1 to 10 are listed, and 0.95 s of segment 11 are downloaded. */
function playing(name) {
  const machine = newMachine(name);
  machine.handle({ type: 'start' }, { ...WORLD, engine: null });
  machine.handle({ type: 'engine-created', needs: NEEDS }, WORLD);
  perform(machine, machine.handle(loaded(playlist(1, 10)), WORLD));
  machine.planner.received(machine.segmentToFetch(WORLD), 0.95);
  return machine;
}

/** The world while that machine plays. */
const HEARD = { ...WORLD, engine: { ...ENGINE, cushionSeconds: 0.2 }, aheadSeconds: 0.2 };

/** The same machine after a pause that began at once. */
function paused() {
  const machine = playing();
  machine.handle({ type: 'output-paused' }, HEARD);
  return machine;
}

test('a start makes an engine, then loads, then plays', () => {
  const machine = newMachine();
  assert.deepEqual(
    machine.handle({ type: 'start' }, { ...WORLD, engine: null }), [{ do: 'create-engine' }, { do: 'run-loader' }, PLAY]);
  assert.deepEqual(machine.handle({ type: 'engine-created', needs: NEEDS }, WORLD), []);
  assert.equal(machine.wantsToPlay, true);
  assert.equal(machine.segmentToFetch(WORLD), null, 'nothing is fetched before a playlist');
});

test('the first playlist joins the recording segment', () => {
  const machine = newMachine();
  const commands = machine.handle(loaded(playlist(1, 10)), WORLD);
  assert.deepEqual(commands.map((command) => command.do), ['join', 'announce']);
  assert.equal(commands[0].join.sequence, 11);
  assert.equal(commands[0].join.afterCushion, false);
  perform(machine, commands);
  assert.equal(machine.segmentToFetch(WORLD).sequence, 11);
});

test('without an engine a playlist is only shown', () => {
  const machine = newMachine();
  assert.deepEqual(machine.handle(loaded(playlist(1, 10)), { ...WORLD, engine: null }), [CHANGED]);
  assert.equal(machine.planner.last, 10);
  assert.equal(machine.behindEdgeSeconds({ ...WORLD, engine: null }), 0);
});

test('the browser’s own HLS receives the playlist and fetches by itself', () => {
  const [machine, world, list] = [newMachine(), { ...WORLD, engine: NATIVE }, playlist(1, 10)];
  assert.deepEqual(machine.handle(loaded(list), world), [{ do: 'show-playlist', playlist: list }, CHANGED]);
  assert.equal(machine.segmentToFetch(world), null);
  assert.equal(machine.behindEdgeSeconds({ ...world, engine: { ...NATIVE, distanceSeconds: 7 } }), 7);
});

test('a pause stops the fetching, and the playlist is loaded while somebody looks', () => {
  const machine = playing();
  assert.deepEqual(machine.handle({ type: 'pause' }, HEARD), [{ do: 'pause-output' }]);
  assert.equal(machine.wantsToPlay, true, 'the output has not paused yet');
  assert.deepEqual(machine.handle({ type: 'output-paused' }, HEARD), [INTERRUPT, CHANGED]);
  assert.equal(machine.wantsToPlay, false);
  assert.equal(machine.segmentToFetch(HEARD), null);
  assert.equal(machine.isListening(HEARD), false);
  assert.ok(machine.reloadAt(HEARD) <= 102);
  assert.equal(machine.reloadAt({ ...HEARD, isVisible: false }), Infinity);
});

test('a media element that pauses at its end was not paused by the listener', () => {
  const machine = playing();
  machine.handle({ type: 'output-paused' }, { ...HEARD, engine: { ...ENGINE, outputHasEnded: true } });
  assert.equal(machine.wantsToPlay, true);
});

test('after a short pause playback resumes where it stopped', () => {
  const machine = paused();
  assert.deepEqual(machine.handle({ type: 'toggle' }, { ...HEARD, now: 100.2 }), [PLAY, INTERRUPT, CHANGED]);
  assert.equal(machine.wantsToPlay, true);
  assert.equal(machine.planner.isLive, true);
});

test('after a pause without news the player joins the stream with the next playlist', () => {
  const machine = paused();
  const later = { ...HEARD, now: 105 };
  assert.deepEqual(machine.handle({ type: 'play' }, later), [PLAY, { do: 'discard-cushion' }, INTERRUPT, CHANGED]);
  assert.equal(machine.segmentToFetch(later), null, 'the old playlist names no segment to fetch');
  assert.deepEqual(machine.handle({ type: 'nothing-to-fetch' }, later), []);
  const commands = machine.handle(loaded(playlist(3, 12), 105), later);
  assert.equal(commands[0].join.sequence, 13);
  perform(machine, commands);
  assert.equal(machine.segmentToFetch(later).sequence, 13);
});

test('frames are news: the place of the live edge stays known', () => {
  const machine = playing();
  assert.deepEqual(machine.handle({ type: 'frames-arrived' }, { ...HEARD, now: 104 }), [CHANGED]);
  machine.handle({ type: 'output-paused' }, { ...HEARD, now: 105 });
  assert.deepEqual(machine.handle({ type: 'play' }, { ...HEARD, now: 107 }), [PLAY, INTERRUPT, CHANGED]);
  machine.handle({ type: 'output-paused' }, { ...HEARD, now: 107 });
  assert.deepEqual(machine.handle({ type: 'play' }, { ...HEARD, now: 108.1 })[1], { do: 'discard-cushion' });
});

test('a browser that refuses to play waits for a click, and the click goes live', () => {
  const machine = playing();
  assert.deepEqual(machine.handle({ type: 'play-refused' }, HEARD), [CHANGED]);
  assert.deepEqual([machine.isBlocked, machine.wantsToPlay], [true, false]);
  const commands = machine.handle({ type: 'toggle' }, HEARD);
  assert.deepEqual(perform(machine, commands), ['play-output', 'join', 'interrupt-download', 'announce']);
  assert.deepEqual([machine.isBlocked, machine.wantsToPlay], [false, true]);
});

test('the browser’s own HLS goes live at that click', () => {
  const [machine, world] = [newMachine(), { ...WORLD, engine: NATIVE }];
  machine.handle({ type: 'play-refused' }, world);
  assert.deepEqual(machine.handle({ type: 'play' }, world), [PLAY, { do: 'seek-live' }, INTERRUPT, CHANGED]);
  machine.handle({ type: 'output-paused' }, world);
  assert.deepEqual(machine.handle({ type: 'play' }, world), [PLAY, INTERRUPT, CHANGED]);
});

test('sound unblocks the player', () => {
  const machine = playing();
  machine.handle({ type: 'play-refused' }, HEARD);
  assert.deepEqual(machine.handle({ type: 'output-playing' }, HEARD), []);
  assert.equal(machine.isBlocked, false);
});

test('the lock screen plays and pauses past the page', () => {
  const machine = playing();
  assert.deepEqual(machine.handle({ type: 'output-played' }, HEARD), [], 'the page itself has played');
  machine.handle({ type: 'output-paused' }, HEARD);
  assert.deepEqual(machine.handle({ type: 'output-played' }, HEARD), [PLAY, INTERRUPT, CHANGED]);
});

test('going live from a pause plays after the jump', () => {
  const machine = paused();
  const commands = machine.handle({ type: 'go-live' }, HEARD);
  assert.deepEqual(commands.map((command) => command.do), ['join', 'send', 'announce']);
  assert.deepEqual(commands[1].event, { type: 'play' });
  perform(machine, commands);
  assert.equal(machine.planner.isLive, true);
});

test('going back is bounded by the ring, and leaves live', () => {
  const machine = playing();
  const [{ join }] = machine.handle({ type: 'go-to', behindEdgeSeconds: 500 }, HEARD);
  assert.deepEqual(join, { sequence: 1, offsetSeconds: 0, afterCushion: false });
  assert.equal(machine.planner.isLive, false);
  machine.handle({ type: 'go-to', behindEdgeSeconds: -3 }, HEARD);
  assert.equal(machine.planner.isLive, true);
});

test('going back from the end of an ended stream plays again', () => {
  const machine = playing();
  const world = { ...HEARD, engine: { ...ENGINE, isPaused: true } };
  const commands = machine.handle({ type: 'go-to', behindEdgeSeconds: 10 }, world);
  assert.deepEqual(commands.map((command) => command.do), ['join', 'play-output', 'announce']);
});

test('the browser’s own HLS seeks by the distance from the edge', () => {
  const [machine, world] = [newMachine(), { ...WORLD, engine: NATIVE }];
  machine.handle(loaded(playlist(1, 10)), world);
  assert.deepEqual(machine.handle({ type: 'go-to', behindEdgeSeconds: 9 }, world), [
    { do: 'seek-to-distance', distanceSeconds: 9 }, CHANGED,
  ]);
  assert.deepEqual(machine.handle({ type: 'go-live' }, world), [{ do: 'seek-live' }, CHANGED]);
});

test('a place on the ring is a segment and a fraction of it; a segment that is not listed means live', () => {
  const machine = playing();
  const [{ join }] = machine.handle({ type: 'go-to-segment', sequence: 4, fraction: 0.25 }, HEARD);
  assert.equal(join.sequence, 4);
  assert.ok(Math.abs(join.offsetSeconds - 0.5) < 1e-9, `${join.offsetSeconds}`);
  machine.handle({ type: 'go-to-segment', sequence: 11, fraction: 0.5 }, HEARD);
  assert.equal(machine.planner.isLive, true);
});

test('a latency mode with another cushion jumps, and is announced', () => {
  const machine = playing();
  const never = latencyModeNamed('never');
  const commands = machine.handle({ type: 'set-latency-mode', latencyMode: never, changesEngine: false }, HEARD);
  assert.deepEqual(commands.map((command) => command.type ?? command.do), ['join', 'change', 'latencymode', 'change']);
  assert.ok(commands[0].join.sequence < 8);
  assert.equal(machine.latencyMode, never);
  assert.equal(machine.cushion.targetSeconds(100), 10);
  assert.deepEqual(machine.handle({ type: 'set-latency-mode', latencyMode: never, changesEngine: false }, HEARD), []);
});

test('a latency mode does not move a listener who has gone back', () => {
  const machine = playing();
  perform(machine, machine.handle({ type: 'go-to', behindEdgeSeconds: 9 }, HEARD));
  const event = { type: 'set-latency-mode', latencyMode: latencyModeNamed('never'), changesEngine: false };
  assert.deepEqual(machine.handle(event, HEARD).map((command) => command.do), ['announce', 'announce']);
});

test('a latency mode may need another engine', () => {
  const machine = playing();
  const event = { type: 'set-latency-mode', latencyMode: LATENCY_MODES[0], changesEngine: true };
  assert.deepEqual(machine.handle(event, HEARD)[0], { do: 'replace-engine', pauseSeconds: 0 });
  const commands = machine.handle({ type: 'engine-created', needs: NEEDS }, HEARD);
  assert.deepEqual(perform(machine, commands), ['join', 'play-output', 'interrupt-download', 'announce']);
});

test('a new engine joins at once only by a fresh playlist, and plays only for a listener who wants it', () => {
  const machine = paused();
  machine.handle({ type: 'engine-failed' }, HEARD);
  const commands = machine.handle({ type: 'engine-created', needs: NEEDS }, { ...HEARD, now: 110 });
  assert.deepEqual(commands, [{ do: 'discard-cushion' }, INTERRUPT, CHANGED]);
});

test('engines that fail one after the other are replaced no faster than every two seconds', () => {
  const machine = playing();
  const fail = (now) => machine.handle({ type: 'engine-failed' }, { ...HEARD, now })[0].pauseSeconds;
  assert.deepEqual([fail(100), fail(100.5), fail(103)], [0, 1.5, 1]);
  assert.deepEqual(machine.handle({ type: 'engine-failed' }, { ...HEARD, engine: null }), [], 'there is none to replace');
});

test('an engine that hangs is nudged, then replaced', () => {
  const machine = playing();
  const hanging = { ...ENGINE, cushionSeconds: 3, time: 5 };
  const commands = [];
  for (let now = 100; now < 109; now += 0.5) {
    commands.push(...machine.handle({ type: 'tick' }, { ...HEARD, now, engine: hanging }));
  }
  assert.deepEqual(commands, [{ do: 'seek', time: 5.05 }, { do: 'replace-engine', pauseSeconds: 0 }]);
  assert.deepEqual(machine.handle({ type: 'tick' }, { ...HEARD, engine: null }), []);
});

test('an ended stream is played to its end, and its playlist is loaded every ten seconds', () => {
  const machine = playing();
  machine.handle(loaded(playlist(2, 11, { ended: true }), 101), { ...HEARD, now: 101 });
  const last = machine.segmentToFetch(HEARD);
  assert.equal(last.sequence, 11);
  assert.deepEqual(machine.handle({ type: 'nothing-to-fetch' }, HEARD), [], 'one segment is still to come');
  machine.planner.completed(last, 2);
  assert.equal(machine.segmentToFetch(HEARD), null);
  assert.deepEqual(machine.handle({ type: 'nothing-to-fetch' }, HEARD), [{ do: 'end-engine' }]);
  assert.equal(machine.reloadAt(HEARD), 111);
  assert.equal(machine.isEnded({ ...HEARD, engine: { ...ENGINE, cushionSeconds: 1, hasEnded: true } }), false);
  const over = { ...HEARD, engine: { ...ENGINE, cushionSeconds: 0.05, hasEnded: true } };
  assert.equal(machine.isEnded(over), true);
  assert.equal(machine.isListening(over), false);
  assert.deepEqual(machine.handle({ type: 'toggle' }, over), []);
  assert.deepEqual(machine.handle({ type: 'play' }, over), []);
});

test('a stream that begins again after its end gets a new engine', () => {
  const machine = playing();
  machine.handle(loaded(playlist(2, 11, { ended: true }), 101), { ...HEARD, now: 101 });
  const over = { ...HEARD, now: 121, engine: { ...ENGINE, hasEnded: true } };
  const commands = machine.handle(loaded(playlist(12, 14), 121), over);
  assert.deepEqual(commands, [{ do: 'replace-engine', pauseSeconds: 0 }, CHANGED]);
});

test('a stall raises the target when the sound resumes', () => {
  const machine = playing();
  const before = machine.cushion.targetSeconds(100);
  machine.handle({ type: 'stalled' }, HEARD);
  machine.handle({ type: 'sounding' }, { ...HEARD, now: 100.5 });
  assert.ok(machine.cushion.targetSeconds(100.5) > before + 0.4);
});

test('a segment that the server refuses is polled for', () => {
  const machine = playing();
  const entry = machine.segmentToFetch(HEARD);
  assert.deepEqual(machine.handle({ type: 'segment-missing', entry }, HEARD), []);
  assert.equal(machine.segmentToFetch(HEARD), null);
  assert.equal(machine.reloadAt(HEARD), 101);
});

test('when the server’s clock was set, the playlist is loaded at once', () => {
  const machine = playing();
  assert.ok(machine.reloadAt(HEARD) > 100);
  machine.handle({ type: 'server-clock-set' }, HEARD);
  assert.equal(machine.reloadAt(HEARD), 100);
});

test('an engine that wants every frame gets each frame, where the server offers that', () => {
  const machine = playing();
  const keen = { ...HEARD, engine: { ...ENGINE, wantsEveryFrame: true } };
  assert.deepEqual([HEARD, keen, { ...keen, info: { ...INFO, promptChunkLength: null } }, { ...keen, info: null }].map(
    (world) => machine.wantsEveryFrame(world)), [false, true, false, false]);
  machine.handle(loaded(playlist(1, 10)), keen);
  assert.equal(machine.cushion.intervalSeconds, 0.024);
  machine.handle(loaded(playlist(1, 10)), HEARD);
  assert.equal(machine.cushion.intervalSeconds, 0.096);
  machine.handle(loaded(playlist(1, 10)), { ...HEARD, fetchesParts: true });
  assert.equal(machine.cushion.intervalSeconds, 0.5, 'parts are as late as the cache makes them');
});

test('each listener is told what plays where it listens', () => {
  const machine = playing();
  assert.equal(machine.nowPlaying(HEARD), null);
  const range = (id, start, title) => ({ id, start, playing: { title, artist: null } });
  machine.handle(loaded(playlist(1, 10, { dateRanges: [range('1', 5000, 'a')] })), HEARD);
  machine.handle({ type: 'date-range', range: range('2', 9000, 'b') }, HEARD);
  const heard = (heardDate) => ({ ...HEARD, engine: { ...ENGINE, heardDate } });
  assert.deepEqual([4000, 6000, 9000].map((date) => machine.nowPlaying(heard(date))?.title), [undefined, 'a', 'b']);
  assert.equal(machine.nowPlaying(heard(null)), null, 'before the first sound nothing is heard');
  assert.equal(machine.msUntilNextTitle(heard(6000)), 3000);
  assert.equal(machine.msUntilNextTitle(heard(null)), Infinity);
  machine.handle({ type: 'output-paused' }, HEARD);
  assert.equal(machine.nowPlaying(heard(null)).title, 'b', 'a listener who never played is told the latest');
});

test('the delay is the server’s time less the date of the sound that is heard', () => {
  const machine = playing();
  const world = { ...HEARD, engine: { ...ENGINE, heardDate: 20_000 }, serverTime: 20_750 };
  assert.equal(machine.behindLiveSeconds(world), 0.75);
  assert.equal(machine.behindLiveSeconds({ ...world, serverTime: null }), null);
  assert.equal(machine.behindLiveSeconds({ ...world, engine: ENGINE }), null);
  assert.equal(machine.windowSeconds(HEARD), 21);
  assert.ok(Math.abs(machine.behindEdgeSeconds(HEARD) - 0.25) < 1e-9);
  assert.equal(machine.recordedSeconds(HEARD), 1);
});

test('an unknown event is a mistake in the page', () => {
  assert.throws(() => newMachine().handle({ type: 'sleep' }, WORLD), TypeError);
});
