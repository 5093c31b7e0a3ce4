import assert from 'node:assert/strict';
import test from 'node:test';
import { RoomRequests } from '../../../web/operators/room-requests.js';
import {
  actionsOn, actionsOnMember, isRoomName, linkOf, wordsOf, wordsOfMember,
} from '../../../web/operators/rooms.js';

const ROOM = {
  name: 'studio', members: 3, audience: 1, messagesPerMinute: 4, locked: false, inviteOnly: false, calls: false,
};
const MEMBER = {
  id: 7, name: 'Ann', role: 'talker', muted: false, hand: false, away: false, talking: false, on_air: false, call: null,
};

test('a room is a line of its figures and its state', () => {
  assert.equal(wordsOf(ROOM), '3 members, 1 reader, 4 messages a minute');
  assert.equal(
    wordsOf({ ...ROOM, members: 1, audience: 0, messagesPerMinute: 1, locked: true, inviteOnly: true, calls: true }),
    '1 member, 0 readers, 1 message a minute, locked, by invite only, with calls');
});

test('a room can be locked, restricted to invites, and closed after a question', () => {
  assert.deepEqual(actionsOn(ROOM), [
    { label: 'Lock', fields: { action: 'lock', on: true } },
    { label: 'Invite only', fields: { action: 'invite_only', on: true } },
    { label: 'Close', fields: { action: 'close' }, question: 'Close studio?' },
  ]);
  assert.deepEqual(
    actionsOn({ ...ROOM, locked: true, inviteOnly: true }).slice(0, 2),
    [
      { label: 'Unlock', fields: { action: 'lock', on: false } },
      { label: 'End invite only', fields: { action: 'invite_only', on: false } },
    ]);
});

test('a member is a line of role and state', () => {
  assert.equal(wordsOfMember(MEMBER), 'talker');
  assert.equal(
    wordsOfMember({ ...MEMBER, role: 'host', muted: true, hand: true, away: true, talking: true, on_air: true, call: {} }),
    'host, muted, hand up, away, talking, on the air, in the call');
});

test('a member can be muted, made host, removed and banned', () => {
  assert.deepEqual(actionsOnMember(MEMBER), [
    { label: 'Mute', fields: { action: 'mute', member: 7, on: true } },
    { label: 'Make host', fields: { action: 'role', member: 7, role: 'host' } },
    { label: 'Remove', fields: { action: 'remove', member: 7 }, question: 'Remove Ann?' },
    { label: 'Ban', fields: { action: 'ban', member: 7 }, question: 'Ban Ann?' },
  ]);
  const [mute, role] = actionsOnMember({ ...MEMBER, muted: true, role: 'host' });
  assert.deepEqual(mute, { label: 'Unmute', fields: { action: 'mute', member: 7, on: false } });
  assert.deepEqual(role, { label: 'Make talker', fields: { action: 'role', member: 7, role: 'talker' } });
  assert.deepEqual(actionsOnMember({ ...MEMBER, role: 'operator' }), []);
});

test('a link names the listeners’ port', () => {
  const path = '/rooms/studio?invite=a.b';
  const own = { port: 8080, operators: { connections: 3 } };
  const shared = { port: 8080, operators: { connections: null } };
  assert.equal(
    linkOf(path, own, new URL('http://localhost:9090/status.html')), 'http://localhost:8080/rooms/studio?invite=a.b');
  assert.equal(
    linkOf(path, shared, new URL('https://radio.example/status.html')), 'https://radio.example/rooms/studio?invite=a.b');
});

test('a room has the name that the server takes', () => {
  for (const name of ['a', 'live', '0-_', 'a'.repeat(64)]) assert.ok(isRoomName(name), name);
  for (const name of ['', '-a', 'A', 'a b', 'a.b', 'list', 'index', 'room', 'a'.repeat(65)]) {
    assert.ok(!isRoomName(name), name);
  }
});

/** Requests whose answers are these, in order; the requests that were sent are noted. */
function requests(token, ...answers) {
  const sent = [];
  const made = new RoomRequests('http://host:1/status.html', token, async (url, { method, body, headers }) => {
    sent.push({ url, method, body, headers });
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return answer;
  });
  return { made, sent };
}

const answer = (content, status = 200) => new Response(JSON.stringify(content), { status });

test('members are asked for, with the token of the address', async () => {
  const { made, sent } = requests('open-sesame', answer({ members: [MEMBER] }));
  assert.deepEqual(await made.members('studio'), [MEMBER]);
  assert.deepEqual(sent, [{
    url: 'http://host:1/rooms/studio/members', method: undefined, body: undefined,
    headers: { Authorization: 'Bearer open-sesame' },
  }]);
});

test('an action and an invite are sent as JSON', async () => {
  const link = { url: '/rooms/studio?invite=x', expires: '2026-01-01T00:00:00.000Z' };
  const { made, sent } = requests(null, answer({}), answer(link, 201));
  await made.act('studio', { action: 'lock', on: true });
  assert.deepEqual(await made.invite('studio', 'host', 3600), link);
  assert.deepEqual(sent.map(({ url, method, body }) => [url, method, JSON.parse(body)]), [
    ['http://host:1/rooms/studio/actions', 'POST', { action: 'lock', on: true }],
    ['http://host:1/rooms/studio/invites', 'POST', { role: 'host', expires: 3600 }],
  ]);
  assert.deepEqual(sent[0].headers, { 'Content-Type': 'application/json' });
});

for (const [what, refusal, words] of [
  ['the server is gone', new TypeError('refused'), /does not answer/],
  ['there is no token', new Response('a token is needed', { status: 401 }), /operator’s token/],
  ['a local port needs a token for changes', answer({ type: 'error', code: 'not_allowed', text: 'No.' }, 403), /token=TOKEN/],
  ['the rooms refuse', answer({ type: 'error', code: 'no_such_member', text: 'Nobody has this number.' }, 404),
    /^Nobody has this number\.$/],
  ['the answer is no JSON', new Response('<p>', { status: 502 }), /refuses this \(502\)/],
]) {
  test(`a sentence says that ${what}`, async () => {
    await assert.rejects(requests(null, refusal).made.act('a', {}), (error) => words.test(error.message));
  });
}
