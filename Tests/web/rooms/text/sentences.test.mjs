import assert from 'node:assert/strict';
import test from 'node:test';
import {
  connectionSentence, errorSentence, nameList, scoreText, stateWords, typingSentence, windowTitle,
} from '../../../../web/rooms/js/text/sentences.js';
import { headline, inOrder, roomFacts } from '../../../../web/rooms/js/list/rooms.js';

const CODES = [
  'bad_message', 'unknown_type', 'too_long', 'too_fast', 'not_admitted', 'wrong_token', 'expired_invite', 'forged_invite',
  'banned', 'locked', 'full', 'too_many_rooms', 'name_taken', 'bad_name', 'not_allowed', 'no_such_member',
  'no_such_message', 'no_such_poll', 'no_calls', 'call_full', 'closed', 'removed', 'elsewhere', 'toString',
];

for (const code of CODES) {
  test(`the error ${code} is a sentence`, () => {
    assert.match(errorSentence({ code, text: 'A sentence of the server.' }), /^[A-Z][^<>]*\.$/);
    assert.match(errorSentence({ code }), /^[A-Z][^<>]*\.$/);
  });
}

test('an error says what helps', () => {
  assert.match(errorSentence({ code: 'name_taken', suggestion: 'Ann 2' }), /Ann 2\?$/);
  assert.equal(errorSentence({ code: 'removed', text: 'noise' }), 'A host has removed you from this room: noise');
  assert.equal(errorSentence({ code: 'new_code', text: 'Something new.' }), 'Something new.');
});

test('the connection is only worth a sentence where something is wrong or slow', () => {
  const sentence = (phase, road, error = null) => connectionSentence({ phase, road, error });
  assert.equal(sentence('joined', 'socket'), '');
  assert.equal(sentence('joined', 'events'), '');
  assert.match(sentence('joined', 'polling'), /late/);
  assert.match(sentence('joining', 'socket'), /does not answer/);
  assert.match(sentence('rejoining', 'socket'), /Trying again/);
  assert.equal(sentence('ended', 'socket', { code: 'closed' }), 'A host has closed this room.');
});

test('names in a list', () => {
  const names = ['Ann', 'Bob', 'Cleo', 'Dan'];
  assert.deepEqual(names.map((_, index) => nameList(names.slice(0, index + 1))),
    ['Ann', 'Ann and Bob', 'Ann, Bob and Cleo', 'Ann, Bob and 2 others']);
  assert.deepEqual([typingSentence([]), typingSentence(['Ann']), typingSentence(names.slice(0, 2))],
    ['', 'Ann is typing…', 'Ann and Bob are typing…']);
});

test('a score is its text, or what the program that keeps it says', () => {
  const stamp = { type: 'score', id: 1, time: 't', stream: 'live', sample: 3, date: 'd' };
  assert.equal(scoreText({ ...stamp, text: '3 : 2' }), '3 : 2');
  assert.equal(scoreText({ ...stamp, home: 3, away: 2 }), 'home 3, away 2');
  assert.equal(scoreText({ ...stamp, sets: [6, 4] }), 'sets [6,4]');
});

test('the states of a member in words', () => {
  const member = { role: 'talker', muted: false, hand: false, away: false, talking: false, on_air: false, call: null, network: 'good' };
  assert.deepEqual(stateWords(member), []);
  assert.deepEqual(
    stateWords({ ...member, role: 'host', muted: true, hand: true, away: true, talking: true, on_air: true, call: {}, network: 'poor' }),
    ['host', 'on air', 'talking', 'hand raised', 'muted', 'in the call', 'away', 'poor network']);
});

test('the title of the window counts what is unread', () => {
  assert.deepEqual([windowTitle('kitchen', 0), windowTitle('kitchen', 3)], ['kitchen · ringcast', '(3) kitchen · ringcast']);
});

test('the list of rooms in words', () => {
  const room = (name, members, more = {}) => ({ name, members, audience: 0, locked: false, calls: false, ...more });
  const rooms = [room('b', 1), room('c', 4, { audience: 1, locked: true, calls: true }), room('a', 1, { audience: 5000 })];
  assert.deepEqual(inOrder(rooms).map(({ name }) => name), ['c', 'a', 'b']);
  assert.deepEqual(rooms.map(roomFacts),
    ['1 member', '4 members · 1 listener · locked · with calls', '1 member · 5,000 listeners']);
  assert.deepEqual([headline([]), headline(rooms.slice(1, 2)), headline(rooms)],
    ['No room is open', '1 open room', '3 open rooms']);
});
