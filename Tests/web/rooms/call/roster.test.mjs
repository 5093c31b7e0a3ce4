import assert from 'node:assert/strict';
import test from 'node:test';
import { Roster } from '../../../../web/rooms/js/call/roster.js';

const signal = (kind, from, tag, to = null) => ({ kind, from, tag, for: to });
const types = (actions) => actions.map(({ type, id }) => `${type} ${id}`);

test('a page that joins makes an offer to each member that is in the call', () => {
  const roster = new Roster(3, 'c');
  assert.deepEqual(types(roster.joined([1, 2, 3])), ['connect 1', 'connect 2']);
  assert.deepEqual(types(roster.joined([1, 2, 3])), [], 'the answer to a second wish changes nothing');
});

test('the members that are in the call wait for the offer', () => {
  const roster = new Roster(1, 'a');
  roster.joined([1]);
  assert.deepEqual(types(roster.receive(signal('ice', 2, 'b'))), []);
  assert.deepEqual(types(roster.receive(signal('offer', 2, 'b'))), ['accept 2', 'deliver 2']);
  assert.equal(roster.tagOf(2), 'b');
  assert.deepEqual(types(roster.receive(signal('ice', 2, 'b', 'a'))), ['deliver 2']);
});

test('the first answer tells the tag of the other page', () => {
  const roster = new Roster(2, 'b');
  roster.joined([1, 2]);
  assert.equal(roster.tagOf(1), null);
  assert.deepEqual(types(roster.receive(signal('ice', 1, 'a', 'b'))), [], 'no answer has come yet');
  assert.deepEqual(types(roster.receive(signal('answer', 1, 'a', 'b'))), ['deliver 1']);
  assert.equal(roster.tagOf(1), 'a');
});

test('a member that joins again replaces its peer, and signals of its former page are dropped', () => {
  const roster = new Roster(1, 'a');
  roster.receive(signal('offer', 2, 'b'));
  assert.deepEqual(types(roster.receive(signal('offer', 2, 'b2'))), ['close 2', 'accept 2', 'deliver 2']);
  assert.deepEqual(types(roster.receive(signal('ice', 2, 'b'))), []);
  assert.deepEqual(types(roster.receive(signal('answer', 2, 'b'))), []);
});

test('a signal to this member’s former page is dropped', () => {
  const roster = new Roster(1, 'a2');
  assert.deepEqual(roster.receive(signal('offer', 2, 'b', 'a')), []);
});

test('of two first offers that cross, the polite page accepts that of the other', () => {
  const [polite, impolite] = [new Roster(1, 'a'), new Roster(2, 'b')];
  assert.deepEqual([polite.isPolite(2), impolite.isPolite(1)], [true, false]);
  polite.joined([1, 2]);
  impolite.joined([1, 2]);
  assert.deepEqual(types(polite.receive(signal('offer', 2, 'b'))), ['close 2', 'accept 2', 'deliver 2']);
  assert.deepEqual(types(impolite.receive(signal('offer', 1, 'a'))), []);
  assert.deepEqual(types(impolite.receive(signal('answer', 1, 'a', 'b'))), ['deliver 1']);
});

test('a member that has left has no peer', () => {
  const roster = new Roster(1, 'a');
  roster.receive(signal('offer', 2, 'b'));
  assert.deepEqual(types(roster.left([2, 7])), ['close 2']);
  assert.deepEqual(types(roster.receive(signal('ice', 2, 'b'))), []);
});

test('a member that has left the call has no peer, but one that was missing only comes back', () => {
  const roster = new Roster(1, 'a');
  roster.receive(signal('offer', 2, 'b'));
  roster.receive(signal('offer', 3, 'c'));
  assert.deepEqual(types(roster.leftCall([3])), ['close 3']);
  roster.present([1], 100);
  assert.deepEqual(roster.leftCall([2]), []);
  roster.present([1, 2], 101);
  assert.deepEqual(types(roster.leftCall([2])), ['close 2']);
});

test('a member may be missing in the server’s list for a while, because the server has started again', () => {
  const roster = new Roster(1, 'a');
  roster.receive(signal('offer', 2, 'b'));
  assert.deepEqual(roster.present([1], 100), []);
  assert.deepEqual(roster.present([1], 139), []);
  assert.deepEqual(roster.present([1, 2], 139), []);
  assert.deepEqual(roster.present([1], 150), []);
  assert.deepEqual(types(roster.present([1], 190)), ['close 2']);
});
