import assert from 'node:assert/strict';
import test from 'node:test';
import { Feed } from '../../../web/js/playback/feed.js';
import { Timeline } from '../../../web/js/playback/engines/timeline.js';
import { frame } from '../mp3/frames.mjs';

const FRAME_SECONDS = 1152 / 48000;
const ENOUGH_SECONDS = 5 * FRAME_SECONDS;

/** An engine that the test controls: it reports sound only when the test says so. */
class Engine {
  timeline = new Timeline();
  isRunning = true;
  isStarved = true;
  position = 0;
  beginnings = 0;

  get cushionSeconds() {
    return this.timeline.end - this.position;
  }

  async append(piece) {
    this.timeline.append(piece, this.timeline.end + piece.durationSeconds);
  }

  setRate() {}

  resumeAfterStall() {
    this.beginnings++;
  }
}

/** A feed for which ENOUGH_SECONDS are enough for a start, and a sink for a segment. */
function feeding() {
  const planner = {
    isLive: true, nextOffsetSeconds: 0, nextSequence: 0, hasEnough: (heldSeconds) => heldSeconds >= ENOUGH_SECONDS,
    arriving: () => null, received() {}, completed() {},
  };
  const cushion = { rate: 1, startSeconds: () => ENOUGH_SECONDS, arrivedWhileStarved() {} };
  const feed = new Feed(planner, cushion);
  const engine = new Engine();
  feed.plug(engine);
  const sink = feed.sink({ sequence: 7, date: null });
  const push = async (count) => {
    for (let i = 0; i < count; i++) await sink.push(frame());
  };
  return { engine, push };
}

const frames = (seconds) => Math.round(seconds / FRAME_SECONDS);

test('a start waits for enough frames, and hands over no more than enough', async () => {
  const { engine, push } = feeding();
  await push(4);
  assert.equal(engine.timeline.end, 0);
  await push(1);
  assert.equal(frames(engine.timeline.end), 5);
  assert.equal(engine.beginnings, 1);
});

test('frames that come before the start is heard follow it, and none is left out', async () => {
  const { engine, push } = feeding();
  await push(5);
  // The engine still reports silence.
  await push(3);
  assert.equal(frames(engine.timeline.end), 8);
  assert.deepEqual(engine.timeline.position, { sequence: 7, offsetSeconds: engine.timeline.end });
  assert.equal(engine.beginnings, 1);
});

test('after a stall the feed starts again, with no more than enough', async () => {
  const { engine, push } = feeding();
  await push(5);
  [engine.isStarved, engine.position] = [false, ENOUGH_SECONDS];
  await push(2);
  assert.equal(frames(engine.timeline.end), 7);
  [engine.isStarved, engine.position] = [true, engine.timeline.end];
  await push(4);
  assert.equal(frames(engine.timeline.end), 7);
  await push(1);
  assert.equal(frames(engine.timeline.end), 12);
  assert.equal(engine.beginnings, 2);
});
