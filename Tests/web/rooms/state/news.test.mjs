import assert from 'node:assert/strict';
import test from 'node:test';
import { Announcements } from '../../../../web/rooms/js/state/announcements.js';
import { Typing } from '../../../../web/rooms/js/state/typing.js';
import { Unread } from '../../../../web/rooms/js/state/unread.js';

const entry = (id, more = {}) => ({
  key: String(id), id, kind: 'chat', name: 'Bob', text: `text ${id}`, isOwn: false, isMention: false, ...more,
});

test('what comes while nobody looks is unread, until somebody looks', () => {
  const unread = new Unread();
  const log = [entry(1)];
  const add = (...entries) => { log.push(...entries); unread.update(log); };
  unread.update(log);
  assert.equal(unread.count, 0);
  unread.look(false, log);
  add(entry(2, { isOwn: true }), entry(3, { kind: 'note', id: null }), entry(4), entry(5, { isMention: true }));
  add(entry(6, { kind: 'prompt' }), entry(7, { kind: 'score' }));
  assert.deepEqual([unread.count, unread.mentionCount, unread.firstKey], [3, 1, '4']);
  unread.look(true, log);
  assert.deepEqual([unread.count, unread.mentionCount, unread.firstKey], [0, 0, '4'], 'the divider stays while the person reads');
  add(entry(8));
  assert.equal(unread.count, 0);
  unread.look(false, log);
  assert.equal(unread.firstKey, null);
  add(entry(9));
  assert.deepEqual([unread.count, unread.firstKey], [1, '9']);
});

test('a page that was loaded again marks what came since', () => {
  const unread = new Unread();
  unread.resume(2, [entry(1), entry(2), entry(3, { isOwn: true }), entry(4)]);
  assert.deepEqual([unread.count, unread.firstKey], [0, '4']);
});

test('a screen reader says new messages of others, and no old ones', () => {
  const announcements = new Announcements();
  assert.equal(announcements.update([entry(1), entry(2)]), false);
  const log = [entry(2), entry(3, { isOwn: true }), entry(4, { kind: 'note' })];
  assert.equal(announcements.update(log), false);
  assert.equal(announcements.update([...log, entry(5, { isMention: true }), entry(6, { name: '', kind: 'prompt' })]), true);
  assert.equal(announcements.take(), 'Bob mentions you: text 5 text 6');
  assert.equal(announcements.take(), '');
});

test('many messages are only counted', () => {
  const announcements = new Announcements();
  announcements.update([]);
  announcements.update([1, 2, 3].map((id) => entry(id, { name: id < 3 ? 'Bob' : 'Cleo', isMention: id === 2 })));
  assert.equal(announcements.take(), '3 new messages from Bob and Cleo. One mentions you.');
});

test('a long message is not read in full', () => {
  const announcements = new Announcements();
  announcements.update([]);
  announcements.update([entry(1, { text: 'x'.repeat(5000) })]);
  assert.equal(announcements.take().length, 'Bob: '.length + 201);
});

test('the others are told when typing begins and ends, and now and then between', () => {
  const typing = new Typing();
  assert.equal(typing.input(false, 0), null);
  assert.equal(typing.input(true, 0), true);
  assert.equal(typing.input(true, 1), null);
  assert.equal(typing.input(true, 4), true);
  assert.equal(typing.idleAt, 10);
  assert.equal(typing.input(false, 5), false);
  assert.equal(typing.idleAt, Infinity);
  typing.input(true, 6);
  assert.equal(typing.stop(), false);
  assert.equal(typing.stop(), null);
});
