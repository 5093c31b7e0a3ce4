import assert from 'node:assert/strict';
import test from 'node:test';
import { EventStreamParser } from '../../../../web/rooms/js/road/event-stream-parser.js';

const TEXT = ': comment\nid: 7\ndata: {"a":1}\n\ndata: two\r\ndata: lines\r\n\r\nid:8\nevent: close\ndata:{"code":4004}\n\ndata: last\n\n';
const EVENTS = [
  { event: 'message', id: '7', data: '{"a":1}' },
  { event: 'message', id: '7', data: 'two\nlines' },
  { event: 'close', id: '8', data: '{"code":4004}' },
  { event: 'message', id: '8', data: 'last' },
];

test('events are read from a text as a whole', () => {
  assert.deepEqual(new EventStreamParser().push(TEXT), EVENTS);
});

test('events are the same wherever the text is cut', () => {
  for (let cut = 1; cut < TEXT.length; cut++) {
    const parser = new EventStreamParser();
    assert.deepEqual([...parser.push(TEXT.slice(0, cut)), ...parser.push(TEXT.slice(cut))], EVENTS, `at ${cut}`);
  }
  const parser = new EventStreamParser();
  assert.deepEqual([...TEXT].flatMap((character) => parser.push(character)), EVENTS);
});

test('an event without data, and an event that is not complete, are none', () => {
  assert.deepEqual(new EventStreamParser().push('id: 3\n\nretry: 1000\n\ndata: begun\n'), []);
});
