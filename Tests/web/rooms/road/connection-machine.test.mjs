import assert from 'node:assert/strict';
import test from 'node:test';
import { ConnectionMachine } from '../../../../web/rooms/js/road/connection-machine.js';

const SOCKET_LOST = { type: 'closed', code: 1006, worked: true, reached: true };
const NO_SOCKET = { type: 'closed', code: 1006, worked: false, reached: false };
const chat = (id, more = {}) => ({ type: 'chat', id, from: 2, name: 'Bob', text: `text ${id}`, ...more });
const welcome = (history = [], last = history.at(-1)?.id ?? 0) => ({
  type: 'welcome', you: { id: 1, name: 'Ann', role: 'talker', session: 'S1' }, room: { name: 'kitchen' }, members: [],
  history, last,
});

/** A machine with a clock, which collects the commands. */
class Page {
  constructor(hello = {}) {
    this.machine = new ConnectionMachine(hello);
    this.now = 0;
    this.commands = [];
  }

  handle(event) {
    const commands = this.machine.handle(event, { now: this.now, random: 0.5 });
    this.commands.push(...commands);
    return commands;
  }

  /** Lets the clock go to the machine's deadline. */
  wait() {
    this.now = this.machine.deadline;
    return this.handle({ type: 'due' });
  }

  receive(message) {
    return this.handle({ type: 'received', message });
  }

  enter(...history) {
    this.handle({ type: 'join', name: 'Ann' });
    this.handle({ type: 'opened' });
    this.receive(welcome(history));
    return this;
  }

  /** Loses the road, waits, and comes in again. */
  comeAgain(history = [], last = undefined) {
    this.handle(SOCKET_LOST);
    this.wait();
    this.commands = [];
    this.handle({ type: 'opened' });
    this.receive(welcome(history, last));
  }

  of(kind) {
    return this.commands.filter((command) => command.do === kind);
  }

  get delivered() {
    return this.of('deliver').map(({ message }) => message);
  }

  get transmitted() {
    return this.of('transmit').map(({ message }) => message);
  }
}

test('a page joins: it opens a socket, says hello and is welcome', () => {
  const page = new Page({ invite: 'I', capabilities: { calls: true } });
  assert.equal(page.machine.phase, 'outside');
  assert.deepEqual(page.handle({ type: 'join', name: 'Ann' }), [{ do: 'open', road: 'socket' }, { do: 'announce' }]);
  assert.equal(page.machine.phase, 'joining');
  page.handle({ type: 'opened' });
  assert.deepEqual(page.transmitted, [{ type: 'hello', invite: 'I', capabilities: { calls: true }, name: 'Ann' }]);
  page.receive(welcome([chat(3)], 5));
  assert.equal(page.machine.phase, 'joined');
  assert.deepEqual(page.of('store'), [{ do: 'store', session: 'S1' }]);
  assert.deepEqual(page.delivered, [welcome([chat(3)], 5)]);
});

test('after an interruption the page is the same member and gets what it missed, once and in order', () => {
  const page = new Page().enter(chat(3));
  page.receive(chat(4));
  page.receive(chat(4));
  page.comeAgain([chat(4), chat(5), chat(6)]);
  assert.deepEqual(page.transmitted, [{ type: 'hello', name: 'Ann', session: 'S1', last: 4 }]);
  assert.deepEqual(page.delivered[0].history.map(({ id }) => id), [5, 6]);
  page.commands = [];
  for (const id of [5, 6, 7, 7, 8]) page.receive(chat(id));
  assert.deepEqual(page.delivered.map(({ id }) => id), [7, 8]);
});

test('messages without a number are delivered each time', () => {
  const page = new Page().enter();
  page.commands = [];
  for (let count = 0; count < 2; count++) page.receive({ type: 'hand', from: 2, up: true });
  assert.equal(page.delivered.length, 2);
});

test('a chat that was not confirmed is sent again, and one that was received is not', () => {
  const page = new Page().enter();
  for (const nonce of ['a', 'b', 'c']) page.handle({ type: 'send', message: { type: 'chat', text: `say ${nonce}`, nonce } });
  page.receive(chat(1, { from: 1, text: 'say a', nonce: 'a' }));
  assert.deepEqual(page.machine.unconfirmed.map(({ nonce }) => nonce), ['b', 'c']);
  // The history of the server need not have the nonce.
  page.comeAgain([chat(2, { from: 1, text: 'say b' })]);
  assert.deepEqual(page.transmitted.slice(1), [{ type: 'chat', text: 'say c', nonce: 'c' }]);
  page.receive(chat(3, { from: 1, text: 'say c', nonce: 'c' }));
  assert.deepEqual(page.machine.unconfirmed, []);
});

test('without a road, messages wait in order, and what is out of date by then does not', () => {
  const page = new Page().enter();
  page.handle(SOCKET_LOST);
  const messages = [
    { type: 'mute', on: true }, { type: 'typing', on: true }, { type: 'ice', to: 2 }, { type: 'hand', up: true },
    { type: 'chat', text: 'x', nonce: 'n' },
  ];
  for (const message of messages) assert.deepEqual(page.handle({ type: 'send', message }), []);
  page.wait();
  page.commands = [];
  page.handle({ type: 'opened' });
  page.receive(welcome());
  assert.deepEqual(page.transmitted.slice(1), [messages[4], messages[0], messages[3]]);
  page.comeAgain();
  assert.deepEqual(page.transmitted.slice(1), [messages[4]], 'only the chat was not confirmed');
});

test('a chat that the server refuses is not sent again', () => {
  const page = new Page().enter();
  const message = { type: 'chat', text: 'long', nonce: 'n' };
  page.handle({ type: 'send', message });
  page.receive({ type: 'error', code: 'too_long', text: '' });
  assert.deepEqual(page.delivered.at(-1), { type: 'error', code: 'too_long', text: '', refused: message });
  assert.deepEqual(page.machine.unconfirmed, []);
});

test('the waits between attempts grow, and an interruption after ten quiet seconds begins anew', () => {
  const page = new Page().enter();
  const waits = [];
  for (let count = 0; count < 4; count++) {
    page.handle(count === 0 ? SOCKET_LOST : NO_SOCKET);
    if (page.machine.retryAt === null) continue;
    waits.push(page.machine.retryAt - page.now);
    page.wait();
  }
  assert.deepEqual(waits, [0.5, 1, 2]);
  page.handle({ type: 'opened' });
  page.receive(welcome());
  page.now += 1;
  page.handle(SOCKET_LOST);
  assert.equal(page.machine.retryAt - page.now, 4, 'the server did not hold for ten seconds');
  page.wait();
  page.handle({ type: 'opened' });
  page.receive(welcome());
  page.now += 10;
  page.handle(SOCKET_LOST);
  assert.equal(page.machine.retryAt - page.now, 0.5);
});

test('a restart of the server is followed by an attempt at once', () => {
  const page = new Page().enter();
  assert.deepEqual(
    page.handle({ type: 'closed', code: 1012, worked: true, reached: true }),
    [{ do: 'open', road: 'socket' }, { do: 'announce' }]);
  assert.equal(page.machine.phase, 'rejoining');
  page.handle(NO_SOCKET);
  assert.equal(page.machine.retryAt - page.now, 0.5);
});

test('a network that is there again is tried at once, from the best road on', () => {
  const page = new Page();
  page.handle({ type: 'join', name: 'Ann' });
  page.handle(NO_SOCKET);
  page.handle({ type: 'closed', code: 1006, worked: true, reached: true });
  assert.equal(page.machine.road, 'events');
  assert.notEqual(page.machine.retryAt, null);
  assert.deepEqual(page.handle({ type: 'online' }), [{ do: 'open', road: 'socket' }]);
});

test('where sockets are refused the page goes on by events, and where these are cut by polling', () => {
  const page = new Page();
  page.handle({ type: 'join', name: 'Ann' });
  assert.deepEqual(page.handle(NO_SOCKET), [{ do: 'open', road: 'events' }, { do: 'announce' }]);
  page.handle({ type: 'opened' });
  page.receive(welcome());
  assert.deepEqual(
    page.handle({ type: 'closed', code: 1006, worked: false, reached: true }),
    [{ do: 'open', road: 'polling' }, { do: 'announce' }]);
  assert.deepEqual([page.machine.phase, page.machine.road], ['rejoining', 'polling']);
});

test('a road that carries no welcome is left', () => {
  const page = new Page();
  page.handle({ type: 'join', name: 'Ann' });
  page.handle({ type: 'opened' });
  page.commands = [];
  page.wait();
  assert.deepEqual(page.commands, [{ do: 'close' }, { do: 'open', road: 'events' }, { do: 'announce' }]);
});

test('a quiet road is asked for a sign of life, and left without one', () => {
  const page = new Page().enter();
  assert.deepEqual(page.wait(), [{ do: 'transmit', message: { type: 'ping' } }]);
  page.now += 0.25;
  page.receive({ type: 'pong' });
  assert.deepEqual(page.wait(), [{ do: 'transmit', message: { type: 'ping', rtt: 250 } }]);
  page.receive(chat(9));
  page.wait();
  page.commands = [];
  page.wait();
  assert.deepEqual(page.commands, [{ do: 'close' }, { do: 'announce' }]);
  assert.equal(page.machine.phase, 'rejoining');
});

test('a page that is seen again asks at once', () => {
  const page = new Page().enter();
  page.wait();
  page.receive({ type: 'pong' });
  assert.deepEqual(page.handle({ type: 'visible' }).map(({ message }) => message.type), ['ping']);
  assert.deepEqual(page.handle({ type: 'visible' }), [], 'one question at a time');
});

test('a refusal ends the attempts, tells the reason, and the next attempt may have another name', () => {
  const page = new Page();
  page.handle({ type: 'join', name: 'Ann' });
  page.handle({ type: 'opened' });
  const error = { type: 'error', code: 'name_taken', text: '', suggestion: 'Ann 2' };
  page.receive(error);
  assert.deepEqual([page.machine.phase, page.machine.error], ['refused', error]);
  assert.equal(page.machine.deadline, Infinity);
  assert.deepEqual(page.handle({ type: 'closed', code: 4001, worked: true, reached: true }), []);
  page.commands = [];
  page.handle({ type: 'join', name: 'Ann 2' });
  page.handle({ type: 'opened' });
  assert.deepEqual(page.transmitted, [{ type: 'hello', name: 'Ann 2' }]);
});

test('a session that is worth nothing is forgotten', () => {
  const page = new Page({ session: 'old' });
  page.handle({ type: 'join', name: 'Ann' });
  page.handle({ type: 'opened' });
  page.receive({ type: 'error', code: 'banned', text: '' });
  assert.deepEqual(page.of('store'), [{ do: 'store', session: null }]);
});

for (const [code, why] of [[4003, 'removed'], [4004, 'closed'], [4009, 'elsewhere'], [1013, 'full'], [4001, 'not_admitted']]) {
  test(`after the close code ${code} the page does not come back by itself`, () => {
    const page = new Page().enter();
    page.handle({ type: 'closed', code, worked: true, reached: true });
    assert.deepEqual([page.machine.phase, page.machine.error.code], ['ended', why]);
    assert.equal(page.machine.deadline, Infinity);
    page.commands = [];
    page.handle({ type: 'join', name: 'Ann' });
    page.handle({ type: 'opened' });
    // Only a page whose place was not taken away is the same member again.
    assert.equal('session' in page.transmitted[0], ['elsewhere', 'full'].includes(why));
  });
}

test('the reason of a removal is kept', () => {
  const page = new Page().enter();
  page.receive({ type: 'removed', reason: 'noise' });
  assert.deepEqual([page.machine.phase, page.machine.error], ['ended', { code: 'removed', text: 'noise' }]);
});

test('a page that leaves says so, and forgets its session', () => {
  const page = new Page().enter();
  assert.deepEqual(page.handle({ type: 'leave' }), [
    { do: 'transmit', message: { type: 'leave' } }, { do: 'close' }, { do: 'store', session: null }, { do: 'announce' },
  ]);
  assert.equal(page.machine.phase, 'outside');
  assert.deepEqual(page.receive(chat(9)), []);
});

test('a page asks for sound now and at each hello', () => {
  const page = new Page().enter();
  assert.deepEqual(page.handle({ type: 'sound', form: 'opus' }), [{ do: 'transmit', message: { type: 'sound', form: 'opus' } }]);
  assert.deepEqual(page.handle({ type: 'sound', form: 'opus' }), [], 'once');
  page.comeAgain();
  assert.equal(page.transmitted[0].sound, 'opus');
});

test('a page that never wanted sound says nothing about sound', () => {
  const page = new Page().enter();
  assert.deepEqual(page.handle({ type: 'sound', form: 'none' }), []);
  assert.equal('sound' in page.transmitted[0], false);
});

test('with sound a page measures often, and tells the delays of its sound', () => {
  const page = new Page().enter();
  page.handle({ type: 'sound', form: 'opus' });
  page.machine.delays = { capture: 20, playback: 50 };
  for (let count = 0; count < 2; count++) {
    page.wait();
    page.receive({ type: 'pong' });
  }
  const before = page.now;
  page.commands = [];
  page.wait();
  assert.ok(page.now - before <= 2);
  assert.deepEqual(page.transmitted, [{ type: 'ping', rtt: 0, capture: 20, playback: 50 }]);
});

test('a message between ping and pong does not spoil the round trip', () => {
  const page = new Page().enter();
  page.wait();
  page.now += 0.1;
  page.receive({ type: 'voices', talkers: [] });
  page.now += 0.2;
  page.receive({ type: 'pong' });
  assert.equal(page.machine.rtt, 300);
});

test('several pings at once are told apart by their order', () => {
  const page = new Page().enter();
  for (let count = 0; count < 3; count++) {
    page.handle({ type: 'ping' });
    page.now += 0.05;
  }
  page.now = page.now + 0.05;
  const rtts = [0, 0.05, 0.05].map((pause) => {
    page.now += pause;
    page.receive({ type: 'pong' });
    return page.delivered.at(-1).rtt;
  });
  assert.deepEqual(rtts, [200, 200, 200]);
});

test('a page with sound comes back soon for a minute, and then waits as long as any other page', () => {
  const page = new Page().enter();
  page.handle({ type: 'sound', form: 'opus' });
  page.handle(SOCKET_LOST);
  const waits = [];
  while (page.now < 120) {
    const before = page.now;
    page.wait();
    page.handle(NO_SOCKET);
    page.handle({ type: 'closed', code: 1006, worked: false, reached: false });
    waits.push(page.now - before);
  }
  assert.ok(Math.max(...waits.slice(0, 20)) <= 0.9, `${waits}`);
  assert.ok(waits.at(-1) > 10, `${waits}`);
});
