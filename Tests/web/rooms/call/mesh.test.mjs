import assert from 'node:assert/strict';
import test from 'node:test';
import { Mesh } from '../../../../web/rooms/js/call/mesh.js';
import { restartDelayMs } from '../../../../web/rooms/js/call/peer.js';
import { FakeConnection, settle } from './fake-connection.mjs';

/** A room that relays signals, and pages in its call. */
class Room {
  pages = new Map();
  /** Whether the signals reach nobody. */
  isBroken = false;
  sent = [];

  #tags = 0;

  join(you, tracks = { audio: `voice of ${you}`, video: `picture of ${you}` }) {
    const members = [...this.pages.keys(), you];
    const connections = [];
    const mesh = new Mesh({
      you, tag: `tag${++this.#tags}`,
      send: (message) => this.#relay(you, message),
      makeConnection: (configuration) => {
        connections.push(new FakeConnection(configuration));
        return connections.at(-1);
      },
    });
    for (const [kind, track] of Object.entries(tracks)) mesh.setTrack(kind, track);
    this.pages.set(you, { mesh, connections });
    mesh.joined({ ice: [{ urls: ['stun:localhost'] }], members });
    return this.pages.get(you);
  }

  leave(you) {
    this.pages.get(you).mesh.close();
    this.pages.delete(you);
    for (const { mesh } of this.pages.values()) mesh.leftCall([you]);
  }

  close() {
    for (const { mesh } of this.pages.values()) mesh.close();
  }

  #relay(from, { type, to, ...fields }) {
    this.sent.push({ from, to, type });
    if (!this.isBroken) setImmediate(() => this.pages.get(to)?.mesh.receive({ type: 'signal', from, kind: type, ...fields }));
  }
}

const open = ({ connections }) => connections.filter(({ signalingState }) => signalingState !== 'closed');
const sentTracks = (page) => open(page).map(({ transceivers }) => transceivers.map(({ sender }) => sender.track));

/** Each page has one connection to each other page, and both sides agree. */
function checkMesh(room) {
  for (const [you, { mesh, ...page }] of room.pages) {
    const others = [...room.pages.keys()].filter((id) => id !== you);
    assert.deepEqual([...mesh.peers.keys()].sort(), others.sort());
    assert.equal(open(page).length, others.length);
    for (const { signalingState, transceivers } of open(page)) {
      assert.equal(signalingState, 'stable');
      assert.deepEqual(transceivers.map(({ kind, direction }) => [kind, direction]), [['audio', 'sendrecv'], ['video', 'sendrecv']]);
    }
  }
}

test('four pages that join one after the other are all connected', async () => {
  const room = new Room();
  for (const id of [1, 2, 3, 4]) {
    room.join(id);
    await settle();
    checkMesh(room);
  }
  for (const [id, page] of room.pages) {
    for (const tracks of sentTracks(page)) assert.deepEqual(tracks, [`voice of ${id}`, `picture of ${id}`]);
  }
  assert.deepEqual(room.pages.get(4).connections[0].configuration.iceServers, [{ urls: ['stun:localhost'] }]);
  room.close();
});

test('pages that join at the same moment are all connected', async () => {
  const room = new Room();
  for (const id of [4, 2, 3, 1]) room.join(id);
  await settle();
  checkMesh(room);
  room.close();
});

test('two first offers that cross end in one connection with one audio and one video', async () => {
  const room = new Room();
  for (const id of [1, 2]) room.join(id);
  // The second page learns of the first as well as the first of the second.
  room.pages.get(1).mesh.joined({ ice: [], members: [1, 2] });
  await settle();
  checkMesh(room);
  room.close();
});

test('a page that joins again gets a new connection, and its former one is closed', async () => {
  const room = new Room();
  const first = room.join(1);
  room.join(2);
  await settle();
  // The page was loaded again: nobody has closed anything.
  room.pages.delete(2);
  const { mesh } = room.join(2);
  await settle();
  assert.equal(first.connections.length, 2);
  assert.equal(first.connections[0].signalingState, 'closed');
  checkMesh(room);
  assert.equal(mesh.peers.size, 1);
  room.close();
});

test('a member that leaves is left', async () => {
  const room = new Room();
  for (const id of [1, 2, 3]) room.join(id);
  await settle();
  room.leave(2);
  checkMesh(room);
  room.close();
});

test('another microphone and no camera are sent without a negotiation', async () => {
  const room = new Room();
  for (const id of [1, 2]) room.join(id);
  await settle();
  const count = room.sent.length;
  const page = room.pages.get(1);
  page.mesh.setTrack('audio', 'another voice');
  page.mesh.setTrack('video', null);
  await settle();
  assert.deepEqual(sentTracks(page), [['another voice', null]]);
  assert.equal(room.sent.length, count);
  room.close();
});

test('a page without devices hears and sees the others', async () => {
  const room = new Room();
  room.join(1, {});
  room.join(2);
  await settle();
  checkMesh(room);
  assert.deepEqual(sentTracks(room.pages.get(1)), [[null, null]]);
  assert.deepEqual(Object.keys(room.pages.get(1).mesh.peers.get(2).tracks), ['audio', 'video']);
  assert.ok(room.pages.get(1).mesh.peers.get(2).tracks.audio);
  room.close();
});

test('where the connection fails, both look for another way and agree', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const room = new Room();
  for (const id of [1, 2]) room.join(id);
  await settle();
  const pages = [...room.pages.values()];
  for (const { connections: [connection] } of pages) connection.become('connected');
  assert.equal(pages[0].mesh.peers.get(2).state, 'connected');
  for (const { connections: [connection] } of pages) connection.become('failed');
  assert.equal(pages[0].mesh.peers.get(2).state, 'interrupted');
  await settle();
  checkMesh(room);
  assert.deepEqual(pages.map(({ connections: [connection] }) => connection.restarts), [1, 1]);
  room.close();
});

test('a connection that is interrupted for a moment is left alone', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const room = new Room();
  for (const id of [1, 2]) room.join(id);
  await settle();
  const { connections: [connection] } = room.pages.get(1);
  connection.become('connected');
  connection.become('disconnected');
  t.mock.timers.tick(2000);
  connection.become('connected');
  t.mock.timers.tick(60_000);
  assert.equal(connection.restarts, 0);
  connection.become('disconnected');
  t.mock.timers.tick(3000);
  assert.equal(connection.restarts, 1);
  room.close();
});

test('the wait between restarts grows up to a limit', () => {
  assert.deepEqual([0, 1, 2, 3, 4, 9].map(restartDelayMs), [3000, 6000, 12_000, 24_000, 24_000, 24_000]);
});

test('while the room cannot be reached, connected peers stay, and others go on when it is back', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const room = new Room();
  for (const id of [1, 2]) room.join(id);
  await settle();
  for (const { connections: [connection] } of room.pages.values()) connection.become('connected');
  const kept = room.pages.get(1).connections[0];
  room.isBroken = true;
  room.join(3);
  await settle();
  room.isBroken = false;
  for (const { mesh } of room.pages.values()) mesh.resume();
  await settle();
  checkMesh(room);
  assert.equal(room.pages.get(1).connections[0], kept);
  assert.equal(kept.restarts, 0);
  room.close();
});

test('candidates that are found together are one message', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const room = new Room();
  for (const id of [1, 2]) room.join(id);
  await settle();
  const { connections: [connection] } = room.pages.get(2);
  const { connections: [other] } = room.pages.get(1);
  const before = room.sent.length;
  for (let i = 0; i < 5; i++) {
    const candidate = { candidate: `${i}`, usernameFragment: /ufrag:(\S+)/.exec(connection.localDescription.sdp)[1] };
    connection.dispatchEvent(Object.assign(new Event('icecandidate'), { candidate: { toJSON: () => candidate } }));
  }
  t.mock.timers.tick(1000);
  await settle();
  assert.deepEqual(room.sent.slice(before).filter(({ from }) => from === 2), [{ from: 2, to: 1, type: 'ice' }]);
  // The fake connection has found one of its own.
  assert.equal(other.candidates.length, 6);
  room.close();
});

test('new credentials are used for the next way', async () => {
  const room = new Room();
  for (const id of [1, 2]) room.join(id);
  await settle();
  const page = room.pages.get(1);
  const ice = [{ urls: ['turn:localhost'], username: '2:1', credential: 'x' }];
  page.mesh.joined({ ice, members: [1, 2] });
  assert.deepEqual(page.connections[0].configuration.iceServers, ice);
  assert.equal(page.connections.length, 1);
  room.close();
});
