import assert from 'node:assert/strict';
import test from 'node:test';
import { bytes, factsOf, waysOf } from '../../../web/operators/facts.js';
import { overviewOf, overviewOfFailure, span } from '../../../web/operators/overview.js';
import { captionOf, plotOf, roundTop, stepsOf } from '../../../web/operators/plot.js';
import { Poller } from '../../../web/operators/poller.js';
import { LoudnessHistory, loudnessOf, recordedFraction } from '../../../web/operators/loudness-history.js';

const STATUS = {
  version: '0.1.0', now: '2026-11-21T20:02:03.000Z', uptime: 3723,
  stream: {
    stream: 'live', source: 'alsa', bitrate: 128000, sampleRate: 48000, channels: 2, segmentLength: 2, ringSize: 10,
    notice: null, alarm: null, alarmSince: null, levels: [{ peak: -6, rms: -20 }, { peak: -12, rms: -24 }], clipped: 0,
    overruns: 0, drift: 1.24, ended: false,
  },
  ring: { first: 1, last: 10, segments: 10, bytes: 320730, recording: { sequence: 11, bytes: 16000 } },
  playing: { title: 'Spring', artist: null },
  listeners: { now: 3, plain: 1, lowLatency: 0, growing: 2, endless: 0, sessions: 9 },
  source: { filled: 0, restarts: 0 },
  server: { connections: 5, refused: 0, timeouts: 2, late: 1, bytes: 123456789 },
  production: { publishing: { count: 2, sum: 0.12 } },
  disk: { well: true, errors: 0 },
  process: { memory: 17_250_000, descriptors: 34, mostDescriptors: 1024, processor: 2.5 },
};
const changed = (changes) => Object.fromEntries(Object.entries(STATUS).map(([key, value]) => [
  key, typeof value === 'object' ? { ...value, ...changes[key] } : changes[key] ?? value,
]));

for (const [what, status, state, alarm] of [
  ['all is well', STATUS, 'well', ''],
  ['the input has ended', changed({ stream: { ended: true } }), 'ended', ''],
  ['no sound has come yet', changed({ stream: { levels: [] } }), 'waiting', ''],
  ['the source is not the requested one', changed({ stream: { notice: 'No capture device' } }), 'well', 'No capture device.'],
  ['the device is gone', changed({ stream: { alarm: 'device', notice: 'Gone' } }), 'alarm', 'Gone.'],
  ['the station is gone', changed({ stream: { alarm: 'device', notice: 'Gone' }, source: { reason: 'status 404' } }), 'alarm',
    'Gone. The reason: status 404.'],
  ['the disk fails', changed({ disk: { well: false } }), 'alarm',
    'The disk fails or is slow. Listeners are served from memory.'],
]) {
  test(`${state}: ${what}`, () => {
    const overview = overviewOf(status);
    assert.equal(overview.state, state);
    assert.equal(overview.alarm, alarm);
    assert.equal(overview.playing, 'Spring');
    assert.ok(overview.headline && overview.sentence);
  });
}

test('an alarm tells its length', () => {
  const alarm = { alarm: 'silence', notice: 'No sound comes in', alarmSince: '2026-11-21T20:00:00.000Z' };
  assert.match(overviewOf(changed({ stream: alarm })).since, /^Since \d\d:\d\d:00, for 2 min 3 s\.$/);
  assert.equal(overviewOf(STATUS).since, '');
});

test('the source client that is live is named', () => {
  const sourceClient = { user: 'anna', address: '192.0.2.1', program: 'butt 0.1', name: '', format: 'MP3', since: '' };
  const status = { ...changed({ stream: { source: 'icecast' } }), sourceClient };
  assert.equal(overviewOf(status).sentence, 'From anna at 192.0.2.1, as MP3, by butt 0.1.');
  assert.equal(overviewOf({ ...status, sourceClient: null }).sentence, 'From a source client.');
});

for (const [error, hasToken, state, words] of [
  [{ status: 401 }, false, 'locked', /--admin-token/], [{ status: 401 }, true, 'locked', /not valid/],
  [{ status: 403 }, false, 'unreachable', /--allow-host/],
  [new TypeError('refused'), false, 'unreachable', /does not answer/],
]) {
  test(`${state}: ${words.source}`, () => {
    const overview = overviewOfFailure(error, hasToken);
    assert.equal(overview.state, state);
    assert.match(overview.sentence, words);
  });
}

for (const [seconds, words] of [
  [0, '0 s'], [59.9, '59 s'], [60, '1 min'], [200, '3 min 20 s'], [7500, '2 h 5 min'], [273600, '3 d 4 h'], [3600, '1 h'],
  [-1, '0 s'],
]) test(`${seconds} s are ${words}`, () => assert.equal(span(seconds), words));

for (const [value, words] of [
  [0, '0 bytes'], [999, '999 bytes'], [1000, '1.00 kB'], [17_250_000, '17.3 MB'], [999_499, '999 kB'],
  [999_500, '1.00 MB'], [5.5e12, '5.50 TB'],
]) test(`${value} bytes are ${words}`, () => assert.equal(bytes(value), words));

test('figures have units, and a bad figure is marked', () => {
  const facts = (status, before = null) => new Map(factsOf(status, before).map((fact) => [fact.name, fact]));
  const well = facts(STATUS);
  assert.equal(well.get('Clock drift').value, '+1.2 ppm');
  assert.equal(well.get('Ring').value, '10 of 10, 321 kB');
  assert.equal(well.get('Captured to available').value, '60 ms');
  assert.equal(well.get('Dropped as too slow').value, '3');
  assert.equal(well.get('Processor').value, '–');
  assert.deepEqual([...well.values()].filter(({ isBad }) => isBad), []);
  assert.equal(facts(changed({ uptime: 3725, process: { processor: 2.6 } }), STATUS).get('Processor').value, '5.0 %');

  const bad = facts(changed({
    stream: { drift: null, overruns: 2, clipped: 1 }, disk: { well: false, errors: 1 },
    process: { memory: null, descriptors: null },
    production: { publishing: { count: 0, sum: 0 } }, server: { refused: 1 },
  }));
  assert.equal(bad.get('Clock drift').value, 'not known yet');
  assert.equal(bad.get('Clipped').value, '1 sample');
  assert.deepEqual(
    [...bad.values()].filter(({ isBad }) => isBad).map(({ name }) => name), ['Overruns', 'Clipped', 'Disk', 'Connections']);
});

test('listeners are counted by their way of listening', () => {
  assert.deepEqual(waysOf(STATUS).map(([, count]) => count), [2, 0, 1, 0]);
});

test('the top of a scale is a round number that can be halved', () => {
  assert.deepEqual([2, 3, 5, 11, 30, 41, 1000].map(roundTop), [2, 4, 10, 20, 40, 100, 1000]);
});

test('a curve spans the plot from left to now and from zero to the top, with gaps for missing samples', () => {
  const plot = plotOf([0, 4, null, 2], 4, { width: 344, height: 134 });
  assert.equal(plot.top, 4);
  assert.equal(plot.line, 'M34.0 110.0L134.0 10.0M334.0 60.0h0');
  assert.equal(plot.area, 'M34.0 110.0L34.0 110.0L134.0 10.0L134.0 110.0ZM334.0 110.0L334.0 60.0L334.0 110.0Z');
  assert.deepEqual(plot.rows.map(({ y, label }) => [y, label]), [[110, '0'], [60, '2'], [10, '4']]);
  assert.deepEqual(plot.columns, [{ x: 34, label: '−60 min' }, { x: 184, label: '−30 min' }, { x: 334, label: 'now' }]);
  assert.equal(plotOf([], 4, { width: 800, height: 134 }).columns.length, 5);
});

test('the samples of less than an hour end now', () => {
  assert.equal(plotOf([1], 360, { width: 344, height: 134 }).line, 'M334.0 60.0h0');
  assert.equal(plotOf([], 360, { width: 344, height: 134 }).line, '');
});

test('the caption describes the curve', () => {
  assert.equal(captionOf([3, null, 7, 5]), 'Listeners in the last hour: now 5, at least 3, at most 7');
  assert.equal(captionOf([null]), 'No figures yet');
});

test('the table has a row for five minutes, the latest first', () => {
  const samples = [...new Array(30).fill(1), ...new Array(30).fill(null), ...new Array(29).fill(4), 9];
  assert.deepEqual(stepsOf(samples, 10, 900_000), [
    { from: 600_000, least: 4, most: 9 }, { from: 0, least: 1, most: 1 },
  ]);
  assert.deepEqual(stepsOf([2, 3], 10, 900_000), [{ from: 880_000, least: 2, most: 3 }]);
});

test('the pen moves between two statuses, for a short time without news, and not after the end', () => {
  assert.equal(recordedFraction(STATUS, 0), 0.5);
  assert.equal(recordedFraction(STATUS, 0.5), 0.75);
  assert.equal(recordedFraction(changed({ stream: { segmentLength: 10 } }), 60), 0.3);
  assert.equal(recordedFraction(STATUS, 60), 1);
  assert.equal(recordedFraction(changed({ stream: { ended: true } }), 1), 0.5);
});

test('the loudness between two notes is interpolated', () => {
  const loudness = new LoudnessHistory();
  loudness.note(7, 0.25, 0.2);
  loudness.note(7, 0.75, 0.6);
  assert.deepEqual(loudness.bars(7, 4).map((bar) => Number(bar.toFixed(3))), [0.2, 0.3, 0.5, 0.6]);
  assert.deepEqual(loudness.bars(8, 2), [0, 0]);
  loudness.keepFrom(8);
  assert.deepEqual(loudness.bars(7, 1), [0]);
  assert.ok(Math.abs(loudnessOf(STATUS.stream) - 0.501) < 0.001);
  assert.equal(loudnessOf({ levels: [] }), 0);
});

/** A poller whose requests the test answers. */
function asked(ready = Promise.resolve()) {
  const questions = [];
  const poller = new Poller('/status', ready, () => new Promise((resolve, reject) => questions.push({ resolve, reject })));
  return { poller, questions };
}
const next = (target, type) => new Promise((resolve) => target.addEventListener(type, resolve, { once: true }));
const turn = () => new Promise((resolve) => setTimeout(resolve));

test('a request follows an answer, and follows a failure', async () => {
  const { poller, questions } = asked();
  poller.run(0);
  const told = next(poller, 'status');
  questions[0].resolve({ uptime: 1 });
  assert.deepEqual((await told).status, { uptime: 1 });
  while (questions.length < 2) await turn();
  const failed = next(poller, 'failure');
  questions[1].reject(new TypeError('refused'));
  assert.equal((await failed).error.message, 'refused');
  while (questions.length < 3) await turn();
  poller.pause();
  questions[2].resolve({});
});

test('the first request does not wait for the page, and its answer does', async () => {
  let show;
  const ready = new Promise((resolve) => { show = resolve; });
  const { poller, questions } = asked(ready);
  const events = [];
  for (const type of ['status', 'failure']) poller.addEventListener(type, () => events.push(type));
  poller.run(0);
  assert.equal(questions.length, 1);
  questions[0].resolve({ uptime: 1 });
  await turn();
  assert.deepEqual(events, []);
  show();
  await turn();
  assert.deepEqual(events, ['status']);
  poller.pause();
});

test('a paused poller sends no request, and sends one at once when it resumes', async () => {
  const { poller, questions } = asked();
  poller.run(0);
  poller.pause();
  questions[0].resolve({});
  for (let i = 0; i < 20; i++) await turn();
  assert.equal(questions.length, 1);
  poller.resume();
  while (questions.length < 2) await turn();
  poller.pause();
  questions[1].resolve({});
});

test('a poller stops where the server asks for a token', async () => {
  const { poller, questions } = asked();
  const run = poller.run(0);
  questions[0].reject(Object.assign(new Error(), { status: 401 }));
  await run;
  assert.equal(questions.length, 1);
});
