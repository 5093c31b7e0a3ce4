import assert from 'node:assert/strict';
import test from 'node:test';
import { Feed } from '../../../web/js/playback/feed.js';
import { Timeline } from '../../../web/js/playback/engines/timeline.js';
import { frame } from '../mp3/frames.mjs';

const FRAME = 1152 / 48000;
const ENOUGH = 5 * FRAME;

/** Plays what it is given when it is told to, and is slow to say so. */
class Engine {
  timeline = new Timeline();
  isRunning = true;
  isDry = true;
  position = 0;
  beginnings = 0;

  get cushion() {
    return this.timeline.end - this.position;
  }

  async append(piece) {
    this.timeline.append(piece, this.timeline.end + piece.duration);
  }

  goOn() {
    this.beginnings++;
  }
}

/** A feed of which enough is ENOUGH, and what takes the bytes of a segment. */
function feeding() {
  const follower = {
    live: true, offset: 0, next: 0, hasEnough: (held) => held >= ENOUGH, arriving: () => null, received() {}, completed() {},
  };
  const latency = { rate: 1, start: () => ENOUGH, arrivedDry() {} };
  const feed = new Feed(follower, latency);
  const engine = new Engine();
  feed.plug(engine);
  const taker = feed.taker({ sequence: 7, date: null });
  const push = async (count) => {
    for (let i = 0; i < count; i++) await taker.push(frame());
  };
  return { engine, push };
}

const frames = (seconds) => Math.round(seconds / FRAME);

test('nothing is handed over before it is enough to begin with, and then no more than that', async () => {
  const { engine, push } = feeding();
  await push(4);
  assert.equal(engine.timeline.end, 0);
  await push(1);
  assert.equal(frames(engine.timeline.end), 5);
  assert.equal(engine.beginnings, 1);
});

test('what comes before the beginning is heard follows on it, and nothing of it is left out', async () => {
  const { engine, push } = feeding();
  await push(5);
  // It still says that nothing sounds.
  await push(3);
  assert.equal(frames(engine.timeline.end), 8);
  assert.deepEqual(engine.timeline.position, { sequence: 7, offset: engine.timeline.end });
  assert.equal(engine.beginnings, 1);
});

test('after a stall it begins anew, with no more than it takes', async () => {
  const { engine, push } = feeding();
  await push(5);
  [engine.isDry, engine.position] = [false, ENOUGH];
  await push(2);
  assert.equal(frames(engine.timeline.end), 7);
  [engine.isDry, engine.position] = [true, engine.timeline.end];
  await push(4);
  assert.equal(frames(engine.timeline.end), 7);
  await push(1);
  assert.equal(frames(engine.timeline.end), 12);
  assert.equal(engine.beginnings, 2);
});
