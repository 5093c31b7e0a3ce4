import assert from 'node:assert/strict';
import test from 'node:test';
import { TimedMessages } from '../../../web/js/room/timed-messages.js';

const START = Date.parse('2026-11-29T20:00:00.000Z');
/** A message at a number of seconds of sound. */
const at = (seconds, id, more = {}) => ({
  type: 'chat', id, from: 7, time: new Date(START + seconds * 1000 + 40).toISOString(),
  date: new Date(START + seconds * 1000).toISOString(), ...more,
});
const heard = (seconds) => START + seconds * 1000;
const ids = (messages) => messages.map(({ id }) => id);

test('a message is due when its sound is heard, and not before', () => {
  const messages = new TimedMessages();
  messages.add(at(10, 1));
  assert.deepEqual(ids(messages.due(heard(9.999))), []);
  assert.deepEqual(ids(messages.waiting(heard(9.999))), [1]);
  assert.deepEqual(ids(messages.due(heard(10))), [1]);
  assert.deepEqual(ids(messages.waiting(heard(10))), []);
});

test('two listeners at two places see each message with its sound', () => {
  const messages = new TimedMessages();
  for (const seconds of [0, 5, 10, 15]) messages.add(at(seconds, seconds + 1));
  assert.deepEqual(ids(messages.due(heard(15.5))), [1, 6, 11, 16]);
  assert.deepEqual(ids(messages.due(heard(5.5))), [1, 6]);
});

test('the wait is until the next message that is not due', () => {
  const messages = new TimedMessages();
  assert.equal(messages.msUntilNext(heard(0)), Infinity);
  for (const seconds of [10, 4, 30]) messages.add(at(seconds, seconds));
  assert.equal(messages.msUntilNext(heard(0)), 4000);
  assert.equal(messages.msUntilNext(heard(4)), 6000);
  assert.equal(messages.msUntilNext(heard(30)), Infinity);
  assert.equal(messages.msUntilNext(null), Infinity);
});

test('where no sound is heard, all messages are due', () => {
  const messages = new TimedMessages();
  for (const seconds of [1, 2]) messages.add(at(seconds, seconds));
  assert.deepEqual(ids(messages.due(null)), [1, 2]);
  assert.deepEqual(messages.waiting(null), []);
});

test('a message comes once, and in the order of the numbers, on whatever road', () => {
  const messages = new TimedMessages();
  assert.ok(messages.add(at(2, 20)));
  assert.ok(messages.add(at(1, 10)));
  assert.ok(messages.add(at(3, 30)));
  assert.ok(!messages.add(at(2, 20)));
  assert.ok(!messages.add(at(1, 10)));
  assert.deepEqual(ids(messages.due(null)), [10, 20, 30]);
});

test('people see their own messages at once, and nobody else’s', () => {
  const messages = new TimedMessages();
  messages.add(at(10, 1, { from: 7 }));
  messages.add(at(11, 2, { from: 8 }));
  messages.add(at(12, 3, { type: 'prompt', from: undefined }));
  assert.deepEqual(ids(messages.due(heard(0), 7)), [1]);
  assert.deepEqual(ids(messages.waiting(heard(0), 7)), [2, 3]);
});

test('a message that was deleted is gone for everybody at once', () => {
  const messages = new TimedMessages();
  messages.add(at(10, 1));
  messages.add(at(3600, 2, { type: 'deleted', message: 1 }));
  assert.deepEqual(ids(messages.due(heard(9))), [2]);
  assert.deepEqual(ids(messages.due(heard(10))), [1, 2]);
});

test('where the stream had no sound yet, the time counts', () => {
  const messages = new TimedMessages();
  messages.add({ type: 'prompt', id: 1, time: new Date(heard(5)).toISOString() });
  assert.deepEqual(ids(messages.due(heard(4.9))), []);
  assert.deepEqual(ids(messages.due(heard(5))), [1]);
});

test('the oldest messages are forgotten', () => {
  const messages = new TimedMessages();
  for (let id = 1; id <= 1200; id++) messages.add(at(id, id));
  const kept = ids(messages.due(null));
  assert.deepEqual([kept.length, kept[0], kept.at(-1)], [1000, 201, 1200]);
});
