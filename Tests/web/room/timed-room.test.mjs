import assert from 'node:assert/strict';
import test from 'node:test';
import { TimedRoom } from '../../../web/js/room/timed-room.js';

const START = Date.parse('2026-11-29T20:00:00.000Z');
const heard = (seconds) => START + seconds * 1000;
const stamp = (seconds, id) => {
  const date = new Date(heard(seconds)).toISOString();
  return { id, time: date, date };
};
const chat = (seconds, id, from, text) => ({ type: 'chat', ...stamp(seconds, id), from, name: `Member ${from}`, text });
const poll = (seconds, id, number, votes, open = true) =>
  ({ type: 'poll', ...stamp(seconds, id), poll: number, question: 'Tea?', choices: ['Yes', 'No'], votes, open });
const welcome = (id, history = []) => ({
  type: 'welcome', you: { id, name: `Member ${id}`, role: 'listener', session: 's' }, history, last: 0,
  room: { name: 'live', locked: false, invite_only: false, calls: false },
  members: [{ id, name: `Member ${id}`, role: 'listener' }, { id: 9, name: 'Zoe', role: 'host' }],
});

const texts = ({ state }) => state.entries.map(({ kind, text }) => (kind === 'deleted' ? '(deleted)' : text));

/** A room in which a message comes every ten seconds, and a listener at a place in the sound. */
function room(seconds) {
  const room = new TimedRoom();
  room.moveTo(heard(seconds));
  for (const ten of [1, 2, 3]) room.add(chat(ten * 10, ten, 2, `At ${ten * 10} s`));
  return room;
}

test('a listener sees the messages up to the sound that is heard, and how many wait', () => {
  const listener = room(25);
  assert.deepEqual(texts(listener), ['At 10 s', 'At 20 s']);
  assert.equal(listener.waitingCount, 1);
  assert.equal(listener.msUntilNext, 5000);
});

test('a place tells whether anything looks different', () => {
  const listener = room(25);
  assert.equal(listener.moveTo(heard(29)), false);
  assert.equal(listener.moveTo(heard(30)), true);
  assert.equal(listener.moveTo(heard(31)), false);
});

test('after a seek back later messages are hidden, and after a seek forward they are back', () => {
  const listener = room(35);
  assert.ok(listener.moveTo(heard(12)));
  assert.deepEqual(texts(listener), ['At 10 s']);
  assert.ok(listener.moveTo(heard(0)));
  assert.deepEqual(texts(listener), []);
  assert.ok(listener.moveTo(heard(99)));
  assert.deepEqual(texts(listener), ['At 10 s', 'At 20 s', 'At 30 s']);
});

test('score and poll are those of the sound that is heard', () => {
  const listener = new TimedRoom();
  listener.moveTo(heard(0));
  listener.add({ type: 'score', ...stamp(10, 1), text: '1 : 0' });
  listener.add(poll(20, 2, 2, [0, 0]));
  listener.add(poll(25, 3, 2, [1, 0]));
  listener.add({ type: 'score', ...stamp(30, 4), text: '1 : 1' });
  listener.add(poll(40, 5, 2, [1, 4], false));
  const board = () => [listener.state.score?.text ?? null, [...listener.state.polls.values()].map(({ votes }) => votes)];
  assert.deepEqual(board(), [null, []]);
  for (const [seconds, expected] of [
    [10, ['1 : 0', []]], [20, ['1 : 0', [[0, 0]]]], [25, ['1 : 0', [[1, 0]]]], [30, ['1 : 1', [[1, 0]]]],
    [40, ['1 : 1', []]], [21, ['1 : 0', [[0, 0]]]], [5, [null, []]],
  ]) {
    listener.moveTo(heard(seconds));
    assert.deepEqual(board(), expected, `at ${seconds} s`);
  }
});

test('a deleted message is deleted at every place', () => {
  const listener = room(15);
  listener.add({ type: 'deleted', ...stamp(3600, 4), message: 2, by: 9 });
  assert.deepEqual(texts(listener), ['At 10 s']);
  listener.moveTo(heard(20));
  assert.deepEqual(texts(listener), ['At 10 s', '(deleted)']);
});

test('a member’s own message is there at once, in the order of the numbers', () => {
  const listener = room(15);
  listener.add(welcome(5));
  listener.add(chat(40, 4, 5, 'Mine'));
  assert.deepEqual(texts(listener), ['At 10 s', 'Mine']);
  assert.ok(listener.state.entries[1].isOwn);
  listener.moveTo(heard(20));
  assert.deepEqual(texts(listener), ['At 10 s', 'At 20 s', 'Mine']);
});

test('a page that joins gets what it has missed, and knows its own messages again', () => {
  const listener = room(15);
  listener.add(chat(12, 8, 5, 'Mine'));
  assert.ok(!listener.state.entries[1].isOwn);
  listener.add(welcome(5, [chat(13, 9, 2, 'Missed'), chat(13, 9, 2, 'Missed')]));
  assert.deepEqual(texts(listener), ['At 10 s', 'Mine', 'Missed']);
  assert.ok(listener.state.entries[1].isOwn);
  assert.equal(listener.state.you.id, 5);
});

test('coming and going is not told, but the names are known', () => {
  const listener = room(15);
  listener.add(welcome(5));
  listener.add({ type: 'members', joined: [{ id: 6, name: 'Ann', role: 'listener' }], left: [9] });
  assert.deepEqual(texts(listener), ['At 10 s']);
  assert.deepEqual(listener.state.names.sort(), ['Ann', 'Member 5']);
});

test('a member that leaves sees the room as everybody does', () => {
  const listener = room(15);
  listener.add(welcome(5));
  listener.add(chat(40, 4, 5, 'Mine'));
  listener.leave();
  assert.equal(listener.state.you, null);
  assert.deepEqual(listener.state.names, []);
  assert.deepEqual(texts(listener), ['At 10 s']);
});

test('the vote stays after a seek', () => {
  const listener = new TimedRoom();
  listener.add(poll(20, 2, 2, [0, 0]));
  listener.noteVote(2, 1);
  listener.moveTo(heard(0));
  listener.moveTo(heard(30));
  assert.equal(listener.state.votes.get(2), 1);
});

test('a message that stays where the listener goes back is the same entry', () => {
  const listener = room(25);
  const [first] = listener.state.entries;
  listener.moveTo(heard(15));
  assert.equal(listener.state.entries.length, 1);
  assert.equal(listener.state.entries[0], first);
});
