import assert from 'node:assert/strict';
import test from 'node:test';
import { StartHold } from '../../../../web/js/playback/engines/start-hold.js';

test('the sound of a start comes when all of it is decoded', () => {
  const hold = new StartHold();
  hold.decoding(2, true);
  hold.decoding(1, true);
  assert.deepEqual(hold.decoded('a'), []);
  assert.deepEqual(hold.decoded('b'), []);
  assert.deepEqual(hold.decoded('c'), ['a', 'b', 'c']);
});

test('frames that come while the decoder works follow the start', () => {
  const hold = new StartHold();
  hold.decoding(2, true);
  assert.deepEqual(hold.decoded('a'), []);
  hold.decoding(5, true);
  assert.deepEqual(hold.decoded('b'), ['a', 'b']);
  assert.deepEqual(hold.decoded('c'), ['c']);
});

test('nothing is held while the output sounds', () => {
  const hold = new StartHold();
  hold.decoding(2, false);
  assert.deepEqual(hold.decoded('a'), ['a']);
  assert.deepEqual(hold.decoded('b'), ['b']);
});

test('the next start is held again', () => {
  const hold = new StartHold();
  for (let start = 0; start < 2; start++) {
    hold.decoding(2, true);
    assert.deepEqual(hold.decoded('a'), []);
    assert.deepEqual(hold.decoded('b'), ['a', 'b']);
    hold.sounded();
  }
});

test('until the output has sounded, frames follow the start', () => {
  const hold = new StartHold();
  hold.decoding(1, true);
  assert.deepEqual(hold.decoded('a'), ['a']);
  hold.decoding(2, true);
  assert.deepEqual(hold.decoded('b'), ['b']);
  assert.deepEqual(hold.decoded('c'), ['c']);
});

test('a jump ends the hold, and the next start is held', () => {
  const hold = new StartHold();
  hold.decoding(2, true);
  hold.decoded('a');
  assert.deepEqual(hold.release(), ['a']);
  hold.decoding(2, true);
  assert.deepEqual(hold.decoded('b'), []);
  assert.deepEqual(hold.decoded('c'), ['b', 'c']);
});

test('the end of the stream ends the hold', () => {
  const hold = new StartHold();
  hold.decoding(3, true);
  hold.decoded('a');
  hold.decoded('b');
  assert.deepEqual(hold.release(), ['a', 'b']);
  assert.deepEqual(hold.decoded('c'), ['c']);
});
