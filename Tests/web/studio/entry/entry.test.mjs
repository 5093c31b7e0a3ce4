import assert from 'node:assert/strict';
import test from 'node:test';

import { addressesOf, placeOf, stationAddresses } from '../../../../web/studio/js/entry/addresses.js';
import { memoryOf, takeSecrets } from '../../../../web/studio/js/entry/admission.js';
import { noStreamSentence, refusalSentence } from '../../../../web/studio/js/entry/sentences.js';
import { chosenStream, commandFor } from '../../../../web/studio/js/entry/streams.js';
import { StudioRequests, headersOf } from '../../../../web/studio/js/entry/studio-requests.js';

const LIVE = { name: 'live', room: 'live' };
const NIGHT = { name: 'night', room: 'cellar' };
const CARD = { name: 'card', room: null };

test('the address of the page names the stream, also behind a path of a proxy', () => {
  const root = 'https://radio.example/';
  for (const path of ['studio', 'studio/']) assert.deepEqual(placeOf(root + path), { root, stream: null });
  assert.deepEqual(placeOf(`${root}studio/night?x=1`), { root, stream: 'night' });
  assert.deepEqual(placeOf(`${root}on/air/studio/night`), { root: `${root}on/air/`, stream: 'night' });
  assert.deepEqual(placeOf(`${root}studio/studio`), { root, stream: 'studio' });
});

test('the addresses of a stream and of the station', () => {
  const root = 'https://radio.example/fm/';
  assert.deepEqual(addressesOf(root, 'live'), {
    studio: `${root}studio/live`, listeners: root, title: `${root}live/metadata`,
  });
  assert.equal(addressesOf(root, 'night').listeners, `${root}?stream=night`);
  assert.deepEqual(stationAddresses(root), { streams: `${root}studio.json`, status: `${root}status` });
});

test('the only stream with a room is chosen by itself', () => {
  assert.deepEqual(chosenStream([LIVE], null), { place: 'desk', stream: LIVE });
  assert.deepEqual(chosenStream([CARD, NIGHT], null), { place: 'desk', stream: NIGHT });
});

test('several streams are a choice, and the address chooses', () => {
  assert.deepEqual(chosenStream([LIVE, NIGHT, CARD], null), { place: 'choice', streams: [LIVE, NIGHT, CARD] });
  assert.deepEqual(chosenStream([LIVE, NIGHT], 'night'), { place: 'desk', stream: NIGHT });
});

test('a stream without a room says so', () => {
  assert.deepEqual(chosenStream([CARD], null), { place: 'no-room', stream: CARD });
  assert.deepEqual(chosenStream([LIVE, CARD], 'card'), { place: 'no-room', stream: CARD });
  assert.equal(commandFor('card'), 'ringcast --rooms --source room:card');
});

test('a stream that does not exist, or is not for this person', () => {
  assert.deepEqual(chosenStream([LIVE], 'night'), { place: 'no-stream' });
  assert.deepEqual(chosenStream([], null), { place: 'no-stream' });
  assert.match(noStreamSentence('night'), /“night”/);
  assert.match(noStreamSentence(null), /No stream/);
});

/** A history and a tab's storage. */
function tab() {
  const items = new Map();
  globalThis.sessionStorage = { getItem: (key) => items.get(key) ?? null, setItem: (key, value) => items.set(key, value) };
  const addresses = [];
  return { items, addresses, history: { replaceState: (state, title, address) => addresses.push(address) } };
}

test('a secret leaves the address at once and stays in the tab', () => {
  const { addresses, history } = tab();
  const memory = takeSecrets({ href: 'https://radio.example/studio/live?invite=live.host.9.a.MARK&theme=x' }, history);
  assert.deepEqual(addresses, ['https://radio.example/studio/live?theme=x']);
  assert.deepEqual(memory.kept, { invite: 'live.host.9.a.MARK' });
  // The page is loaded again, or shows another stream.
  assert.deepEqual(takeSecrets({ href: 'https://radio.example/studio/night' }, history).kept.invite, 'live.host.9.a.MARK');
  assert.equal(addresses.length, 1);
});

test('a new link replaces the old secret', () => {
  const { history } = tab();
  takeSecrets({ href: 'https://radio.example/studio?token=secret' }, history);
  const memory = takeSecrets({ href: 'https://radio.example/studio?invite=live.host.9.a.MARK' }, history);
  assert.deepEqual(memory.kept, { invite: 'live.host.9.a.MARK' });
});

test('the tab keeps the members of two streams apart', () => {
  tab();
  memoryOf('live').keep({ session: 'a' });
  memoryOf('night').keep({ session: 'b' });
  assert.equal(memoryOf('live').kept.session, 'a');
});

test('the secret goes in a header field', () => {
  assert.deepEqual(headersOf({ token: 'secret' }), { Authorization: 'Bearer secret' });
  assert.deepEqual(headersOf({ invite: 'live.host' }), { 'Ringcast-Invite': 'live.host' });
  assert.deepEqual(headersOf({ token: 'secret', invite: 'live.host' }), { Authorization: 'Bearer secret' });
  assert.deepEqual(headersOf({}), {});
});

/** Requests that are answered by a table of statuses and contents, by the last part of the address. */
function requests(answers, secrets = { token: 'secret' }) {
  const asked = [];
  const request = async (url, options) => {
    asked.push([url, options]);
    const answer = answers[url.split('/').at(-1)];
    if (answer instanceof Error) throw answer;
    const [status, content] = answer;
    return { ok: status < 300, status, json: async () => content };
  };
  return { asked, made: new StudioRequests(stationAddresses('https://radio.example/'), secrets, request) };
}

test('the streams of the person', async () => {
  const { asked, made } = requests({ 'studio.json': [200, { streams: [LIVE] }] });
  assert.deepEqual(await made.streams(), [LIVE]);
  assert.equal(asked[0][0], 'https://radio.example/studio.json');
  assert.deepEqual(asked[0][1].headers, { Authorization: 'Bearer secret' });
});

for (const [status, kind] of [[401, 'secret'], [403, 'secret'], [404, 'absent'], [500, 'absent']]) {
  test(`status ${status} is the refusal ${kind}`, async () => {
    const { made } = requests({ 'studio.json': [status, {}] });
    await assert.rejects(made.streams(), { kind });
    assert.match(refusalSentence(kind), /^\S.+\.$/);
  });
}

test('a station that does not answer', async () => {
  const { made } = requests({ 'studio.json': new TypeError('failed') });
  await assert.rejects(made.streams(), { kind: 'unreachable' });
});

test('the listeners come with the streams, or from the status of an operator', async () => {
  const told = requests({ 'studio.json': [200, { streams: [{ ...LIVE, listeners: 7 }] }] });
  assert.equal(await told.made.listeners('live'), 7);
  const status = { streams: [{ name: 'night', listeners: { now: 1 } }, { name: 'live', listeners: { now: 3 } }] };
  const asked = requests({ 'studio.json': [200, { streams: [LIVE] }], status: [200, status] });
  assert.equal(await asked.made.listeners('live'), 3);
  const guest = requests({ 'studio.json': [200, { streams: [LIVE] }] }, { invite: 'live.host' });
  assert.equal(await guest.made.listeners('live'), null);
});

test('a title is put, and an empty title is taken away', async () => {
  const { asked, made } = requests({ metadata: [204] });
  await made.setTitle('https://radio.example/live/metadata', 'Evening');
  await made.setTitle('https://radio.example/live/metadata', '');
  assert.deepEqual(asked.map(([, { method, body }]) => [method, body]), [['PUT', '{"title":"Evening"}'], ['PUT', '{}']]);
  assert.equal(asked[0][1].headers['Content-Type'], 'application/json');
});
