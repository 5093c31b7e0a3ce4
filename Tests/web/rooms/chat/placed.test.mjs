import assert from 'node:assert/strict';
import test from 'node:test';
import { placed } from '../../../../web/rooms/js/chat/entry-view.js';

const entry = (key, minute, more = {}) => ({
  key, kind: 'chat', from: 2, name: 'Bob', time: new Date(2026, 10, 29, 20, minute).toISOString(), ...more,
});
const shape = ({ day, isFirstUnread, isFollowUp }) => [day !== null, isFirstUnread, isFollowUp];

for (const [what, before, after, firstUnread, expected] of [
  ['the first message has no line above', undefined, entry('a', 0), null, [false, false, false]],
  ['a message soon after is a follow-up', entry('a', 0), entry('b', 4), null, [false, false, true]],
  ['a message later is none', entry('a', 0), entry('b', 5), null, [false, false, false]],
  ['a message of another member is none', entry('a', 0, { from: 3 }), entry('b', 1), null, [false, false, false]],
  ['a message with a new name is none', entry('a', 0, { name: 'Bert' }), entry('b', 1), null, [false, false, false]],
  ['a message after a note is none', entry('a', 0, { kind: 'note' }), entry('b', 1), null, [false, false, false]],
  ['the first unread message is none', entry('a', 0), entry('b', 1), 'b', [false, true, false]],
  ['a message of the next day has a line with the day', entry('a', -24 * 60), entry('b', 0), null, [true, false, false]],
]) {
  test(what, () => assert.deepEqual(shape(placed(after, before, firstUnread, false)), expected));
}
