import assert from 'node:assert/strict';
import test from 'node:test';
import { TabMemory, secretsIn } from '../../../../web/rooms/js/road/admission.js';
import { roomNameIn, roomURLs } from '../../../../web/rooms/js/road/room-urls.js';

test('the secrets leave the address, and the rest of the address stays', () => {
  assert.deepEqual(
    secretsIn('https://radio.example/rooms/kitchen?invite=a.b%2Bc&lang=en&token=t#top'),
    { invite: 'a.b+c', token: 't', cleanAddress: 'https://radio.example/rooms/kitchen?lang=en#top' });
  assert.deepEqual(
    secretsIn('https://radio.example/rooms/kitchen'),
    { invite: null, token: null, cleanAddress: 'https://radio.example/rooms/kitchen' });
});

function fakeStorage() {
  const values = new Map();
  return { getItem: (key) => values.get(key) ?? null, setItem: (key, value) => values.set(key, value), values };
}

test('a tab keeps what it knows about a room, for each room alone', () => {
  const storage = fakeStorage();
  const memory = new TabMemory('kitchen', () => storage);
  memory.keep({ session: 's1', invite: 'i' });
  memory.keep({ session: 's2', name: 'Ann' });
  assert.deepEqual(new TabMemory('kitchen', () => storage).kept, { session: 's2', invite: 'i', name: 'Ann' });
  assert.deepEqual(new TabMemory('cellar', () => storage).kept, {});
  memory.keep({ session: null });
  assert.deepEqual(new TabMemory('kitchen', () => storage).kept, { invite: 'i', name: 'Ann' });
});

test('a browser without storage keeps the values as long as the page', () => {
  const memory = new TabMemory('kitchen', () => { throw new Error('denied'); });
  memory.keep({ session: 's' });
  assert.deepEqual(memory.kept, { session: 's' });
});

test('what is stored and is no JSON is ignored', () => {
  const storage = fakeStorage();
  storage.values.set('ringcast.room.kitchen', '{');
  assert.deepEqual(new TabMemory('kitchen', () => storage).kept, {});
});

test('the URLs of a room', () => {
  assert.deepEqual(roomURLs('kitchen', 'https://radio.example/rooms/'), {
    page: 'https://radio.example/rooms/kitchen', socket: 'wss://radio.example/rooms/kitchen/socket',
    messages: 'https://radio.example/rooms/kitchen/messages',
  });
  assert.equal(roomURLs('kitchen', 'http://127.0.0.1:8080/x/rooms/').socket, 'ws://127.0.0.1:8080/x/rooms/kitchen/socket');
  assert.equal(roomNameIn('https://radio.example/rooms/kitchen?invite=x#top'), 'kitchen');
});
