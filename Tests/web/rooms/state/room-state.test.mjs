import assert from 'node:assert/strict';
import test from 'node:test';
import { RoomState } from '../../../../web/rooms/js/state/room-state.js';
import { noteSentence } from '../../../../web/rooms/js/text/sentences.js';

const TIME = '2026-11-29T20:15:00.000Z';
const member = (id, name, more = {}) => ({
  id, name, role: 'talker', muted: false, hand: false, away: false, typing: false, talking: false, on_air: false,
  call: null, network: null, since: TIME, ...more,
});
const ROOM = { name: 'kitchen', locked: false, invite_only: false, calls: false, on_air: false };
const chat = (id, from, name, text) => ({ type: 'chat', id, from, name, text, time: TIME });
const welcome = (members, history = []) => ({
  type: 'welcome', you: { id: 1, name: 'Ann', role: members[0].role, session: 'S' }, room: ROOM, members, history,
  last: history.at(-1)?.id ?? 0,
});

function joined(...history) {
  const state = new RoomState();
  state.handle(welcome([member(1, 'Ann'), member(2, 'Bob')], history), TIME);
  return state;
}
const texts = (state) => state.entries.map((entry) => (entry.kind === 'note' ? `note ${noteSentence(entry)}`
  : [entry.kind, entry.name, entry.text].filter(Boolean).join(' ')));

test('a welcome brings the members, the room and the history, and no note about who is there', () => {
  const state = joined(chat(3, 2, 'Bob', 'hi @Ann'), chat(4, 1, 'Ann', 'hi @Ann'));
  assert.deepEqual(state.names, ['Ann', 'Bob']);
  assert.equal(state.room, ROOM);
  assert.deepEqual(texts(state), ['chat Bob hi @Ann', 'chat Ann hi @Ann']);
  assert.deepEqual(state.entries.map(({ isOwn, isMention }) => [isOwn, isMention]), [[false, true], [true, false]]);
});

test('members come, change and go', () => {
  const state = joined();
  assert.deepEqual(state.handle({ type: 'members', joined: [member(3, 'Cleo')], changed: [], left: [] }, TIME), ['members', 'entries']);
  assert.deepEqual(
    state.handle({ type: 'members', joined: [], changed: [member(2, 'Bob', { typing: true, role: 'host' })], left: [] }, TIME),
    ['members']);
  assert.deepEqual(state.membersInOrder.map(({ name }) => name), ['Bob', 'Ann', 'Cleo']);
  assert.deepEqual(state.typingNames, ['Bob']);
  state.handle({ type: 'members', joined: [], changed: [], left: [2, 9] }, TIME);
  assert.deepEqual(state.names, ['Ann', 'Cleo']);
  assert.deepEqual(texts(state), ['note Cleo joined', 'note Bob left']);
});

test('the own role, name and states follow the messages', () => {
  const state = joined();
  assert.deepEqual([state.isHost, state.isTalker], [false, true]);
  state.handle({ type: 'members', joined: [], changed: [member(1, 'Anna', { role: 'host', hand: true })], left: [] }, TIME);
  assert.deepEqual([state.you.name, state.you.hand, state.isHost], ['Anna', true, true]);
  state.handle({ type: 'hand', from: 1, up: false }, TIME);
  assert.equal(state.you.hand, false);
  assert.deepEqual(state.handle({ type: 'hand', from: 99, up: true }, TIME), []);
});

test('after an interruption, only what has changed is noted', () => {
  const state = joined(chat(3, 2, 'Bob', 'one'));
  const before = state.entries[0];
  const members = [member(1, 'Ann'), member(2, 'Bob'), member(3, 'Cleo')];
  state.handle(welcome(members, [chat(3, 2, 'Bob', 'one'), chat(4, 3, 'Cleo', 'two')]), TIME);
  assert.deepEqual(texts(state), ['chat Bob one', 'chat Cleo two', 'note Cleo joined']);
  assert.equal(state.entries[0], before, 'nothing that stays is drawn again');
  assert.equal(state.hasReturning, false);
});

test('after a restart of the server, the others stay in sight until they return, or for thirty seconds', () => {
  const state = joined();
  state.handle({ type: 'members', joined: [member(3, 'Cleo'), member(4, 'Dan')] }, TIME);
  state.handle(welcome([member(1, 'Ann')]), TIME);
  assert.deepEqual(state.names, ['Ann', 'Bob', 'Cleo', 'Dan']);
  state.handle({ type: 'members', joined: [member(2, 'Bob', { muted: true })] }, TIME);
  state.handle({ type: 'members', left: [4] }, TIME);
  assert.equal(state.members.get(2).muted, true);
  assert.deepEqual(state.giveUp('2026-11-29T20:15:29.999Z'), []);
  assert.deepEqual(state.giveUp('2026-11-29T20:15:30.000Z'), ['members', 'entries']);
  assert.deepEqual(state.names, ['Ann', 'Bob']);
  assert.deepEqual(texts(state), ['note Cleo joined', 'note Dan joined', 'note Dan left', 'note Cleo left']);
});

test('a message is deleted, and its place stays', () => {
  const state = joined(chat(3, 2, 'Bob', 'one @Ann'), chat(4, 2, 'Bob', 'two'));
  state.handle({ type: 'deleted', id: 5, message: 3, by: 2, time: TIME }, TIME);
  assert.deepEqual(texts(state), ['deleted Bob', 'chat Bob two']);
  assert.equal(state.entries[0].isMention, false);
});

test('a page that was loaded again learns the own vote from the messages', () => {
  const state = new RoomState();
  const poll = { type: 'poll', id: 7, poll: 7, question: 'Tea?', choices: ['yes', 'no'], votes: [0, 1], open: true, time: TIME };
  state.handle({ ...poll, vote: 1 }, TIME);
  assert.equal(state.votes.get(7), 1);
  state.handle({ ...poll, id: 8 }, TIME);
  assert.equal(state.votes.get(7), 1, 'a message without a vote says nothing');
  state.noteVote(7, 0);
  state.handle({ ...poll, id: 9, vote: 1 }, TIME);
  assert.equal(state.votes.get(7), 0, 'a message of before the newer vote says nothing');
});

test('a poll is on the board while it is open, and then its result is in the log', () => {
  const state = joined();
  const poll = { type: 'poll', id: 7, poll: 7, question: 'Tea?', choices: ['yes', 'no'], votes: [0, 0], open: true, time: TIME };
  assert.deepEqual(state.handle(poll, TIME), ['board']);
  state.handle({ ...poll, id: 8, votes: [1, 0] }, TIME);
  state.noteVote(7, 0);
  assert.deepEqual([state.polls.get(7).votes, state.votes.get(7)], [[1, 0], 0]);
  const end = { ...poll, id: 9, votes: [2, 1], open: false };
  assert.deepEqual(state.handle(end, TIME), ['entries', 'board']);
  assert.equal(state.polls.size, 0);
  assert.deepEqual(texts(state), ['result Tea?']);
  assert.equal(state.entries[0].poll, end);
});

test('prompts and scores are in the log, and the latest score is on the board', () => {
  const state = joined();
  state.handle({ type: 'prompt', id: 7, text: 'Sing!', time: TIME }, TIME);
  state.handle({ type: 'score', id: 8, home: 1, time: TIME }, TIME);
  state.handle({ type: 'score', id: 9, text: '2 : 0', time: TIME }, TIME);
  assert.deepEqual(texts(state), ['prompt Sing!', 'score home 1', 'score 2 : 0']);
  assert.equal(state.score.text, '2 : 0');
});

test('the state of the room and the air follow the messages', () => {
  const state = joined();
  assert.deepEqual(state.handle({ type: 'air', id: 4, on: true, members: [2], time: TIME }, TIME), ['room']);
  assert.equal(state.room.on_air, true);
  state.handle({ type: 'room', ...ROOM, locked: true }, TIME);
  assert.equal(state.room.locked, true);
});

test('unknown messages change nothing, and a long log loses its oldest entries', () => {
  const state = joined();
  assert.deepEqual(state.handle({ type: 'fireworks', id: 3 }, TIME), []);
  for (let id = 1; id <= 600; id++) state.handle(chat(id, 2, 'Bob', String(id)), TIME);
  assert.deepEqual([state.entries.length, state.entries[0].text], [500, '101']);
});

test('a member is shown no more where the message does not say so; a hand changes nothing else', () => {
  const state = joined();
  const shown = () => state.members.get(2).shown === true;
  state.handle({ type: 'members', changed: [member(2, 'Bob', { shown: true })] }, TIME);
  state.handle({ type: 'hand', from: 2, up: true }, TIME);
  assert.equal(shown(), true);
  state.handle({ type: 'members', changed: [member(2, 'Bob')] }, TIME);
  assert.equal(shown(), false);
});
