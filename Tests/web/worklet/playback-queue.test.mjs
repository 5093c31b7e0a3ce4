import assert from 'node:assert/strict';
import test from 'node:test';
import { PlaybackQueue } from '../../../web/worklet/playback-queue.js';

const RATE = 48000;
const BLOCK = 128;

/** A tone of 1 kHz in pieces of 1152 samples, as a decoder makes them. */
function* tone(seconds, frequency = 1000) {
  for (let start = 0; start < seconds * RATE; start += 1152) {
    yield Float32Array.from({ length: 1152 }, (_, i) => 0.5 * Math.sin(2 * Math.PI * frequency * (start + i) / RATE));
  }
}

function playing(...sounds) {
  const queue = new PlaybackQueue();
  queue.isPlaying = true;
  for (const sound of sounds) queue.write([sound, sound]);
  return queue;
}

function read(queue, blocks) {
  const played = [];
  for (let i = 0; i < blocks; i++) {
    const output = [new Float32Array(BLOCK), new Float32Array(BLOCK)];
    queue.read(output);
    played.push(...output[0]);
  }
  return played;
}

/** The largest difference between two consecutive samples, without the first. */
const steepest = (samples) => samples.slice(1).reduce((most, sample, i) => Math.max(most, Math.abs(sample - samples[i])), 0);

/** The largest step between two samples of a tone of 1 kHz with an amplitude of 0.5. */
const STEEPEST = 0.5 * 2 * Math.PI * 1000 / RATE;

test('at rate 1 the queue plays the samples themselves, after a short fade', () => {
  const sounds = [...tone(1)];
  const played = read(playing(...sounds), 300);
  const expected = sounds.flatMap((sound) => [...sound]);
  assert.deepEqual(played.slice(480), expected.slice(480, played.length));
  assert.equal(steepest(played.slice(0, 480)) < STEEPEST * 1.1, true);
});

for (const rate of [1.005, 0.995]) {
  test(`at rate ${rate} a tone stays a tone with its pitch changed by that factor`, () => {
    const queue = playing(...tone(3));
    queue.rate = rate;
    const played = read(queue, 1000).slice(480);
    // The tone stays in phase with the expected tone.
    const turns = (i) => 2 * Math.PI * 1000 * rate * (i + 480) / RATE;
    const error = played.reduce((most, sample, i) => Math.max(most, Math.abs(sample - 0.5 * Math.sin(turns(i)))), 0);
    assert.ok(error < 0.001, `off by ${error}`);
    assert.ok(Math.abs(queue.position - 128_000 * rate) < 0.01);
  });

  test(`a change from ${rate} back to 1 ends on a sample, without a step`, () => {
    const queue = playing(...tone(3));
    read(queue, 10);
    queue.rate = rate;
    const steered = read(queue, 101);
    queue.rate = 1;
    const after = read(queue, 101);
    assert.ok(steepest([...steered, ...after]) < STEEPEST * 1.02);
    assert.equal(queue.position % 1, 0);
  });
}

test('a queue that runs empty fades out, and fades in with the next samples', () => {
  const sounds = [...tone(1)];
  const queue = playing(sounds[0]);
  const played = read(queue, 20);
  assert.ok(steepest(played) < STEEPEST * 1.1, 'no click');
  assert.equal(queue.isSounding, false);
  assert.deepEqual(played.slice(-BLOCK), new Array(BLOCK).fill(0));
  for (const sound of sounds.slice(1, 4)) queue.write([sound, sound]);
  const more = read(queue, 4);
  assert.equal(queue.isSounding, true);
  assert.ok(steepest(more) < STEEPEST * 1.1);
  assert.ok(Math.max(...more) > 0.2);
});

test('a paused queue is silent and keeps its position', () => {
  const queue = playing(...tone(1));
  read(queue, 10);
  queue.isPlaying = false;
  read(queue, 1);
  const { position } = queue;
  assert.ok(read(queue, 5).every((sample) => sample === 0));
  assert.equal(queue.position, position);
});

test('skipped samples are not played, whether they are in the queue or still to come', () => {
  const queue = playing(...tone(1));
  queue.skipTo(40_000);
  read(queue, 1);
  assert.equal(queue.position, 40_000 + BLOCK);
  queue.skipTo(100);
  assert.equal(queue.position, 40_000 + BLOCK, 'never back');
  queue.skipTo(60_000);
  assert.ok(read(queue, 3).every((sample) => sample === 0));
  for (const sound of tone(0.5)) queue.write([sound, sound]);
  read(queue, 1);
  assert.equal(queue.position, 60_000 + BLOCK);
});

test('the queue grows to hold a minute', () => {
  const queue = playing(...tone(60));
  queue.skipTo(59 * RATE);
  const played = read(queue, 50).slice(480);
  const expected = Math.sin(2 * Math.PI * 1000 * (59 * RATE + 480) / RATE) * 0.5;
  assert.ok(Math.abs(played[0] - expected) < 1e-6);
});

test('the queue works beyond 2^31 and 2^32 samples, which come within a day', () => {
  const queue = new PlaybackQueue();
  queue.isPlaying = true;
  const before = new Float32Array(1 << 15);
  const across = Float32Array.from({ length: 1 << 16 }, (_, i) => (i % 1009) / 1009);
  let written = 0;
  for (const limit of [2 ** 31, 2 ** 32]) {
    for (; written < limit - before.length; written += before.length) {
      queue.write([before]);
      queue.skipTo(written);
    }
    queue.write([across]);
    queue.skipTo(written);
    written += across.length;
    assert.equal(queue.position < limit && written > limit, true);
    const played = read(queue, 500);
    assert.deepEqual(played.slice(480), [...across].slice(480, played.length));
  }
});
