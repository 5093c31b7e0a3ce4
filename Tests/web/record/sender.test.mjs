import assert from 'node:assert/strict';
import test from 'node:test';
import { recorderType } from '../../../web/js/record/recorder-type.js';
import { credentialsIn, rootOf } from '../../../web/js/record/rights.js';
import { Sender } from '../../../web/js/record/sender.js';
import { Take, newKey } from '../../../web/js/record/take.js';
import { MemoryStore } from '../../../web/js/record/take-store.js';

/** A station that keeps what comes, behind a line that breaks as `breaks` says. */
class Station {
  bytes = null;
  name = null;
  /** Whether the station takes no bytes, though it knows how many it has. */
  isStuck = false;
  /** False where the station has closed a sound that nobody has sent. */
  sent = undefined;
  breaks = [];
  requests = [];

  fetch = async (url, { method, body }) => {
    this.requests.push(method);
    const fault = this.breaks.shift();
    if (fault === 'before') throw new TypeError('the line is cut');
    const answer = await this.#answer(new URL(url), method, body);
    if (fault === 'after') throw new TypeError('the line is cut');
    if (typeof fault === 'number') return json({}, fault);
    return answer;
  };

  async #answer(url, method, body) {
    if (method === 'GET') {
      if (this.bytes === null) return json({}, 404);
      return json({
        offset: this.bytes.length, complete: this.name !== null || this.sent === false, sent: this.sent, filename: this.name });
    }
    if (method === 'PUT') {
      this.bytes ??= [];
      const isNext = Number(url.searchParams.get('offset')) === this.bytes.length;
      if (!isNext || this.isStuck || this.name !== null || this.sent === false) return json({ offset: this.bytes.length }, 409);
      this.bytes.push(...new Uint8Array(await body.arrayBuffer()));
      return json({ offset: this.bytes.length });
    }
    if (method === 'DELETE') {
      [this.bytes, this.sent] = [null, undefined];
      return new Response(null, { status: 204 });
    }
    [this.name, this.sent] = [JSON.parse(body).name, true];
    return json({ filename: this.name }, 201);
  }
}

const json = (value, status = 200) => new Response(JSON.stringify(value), { status });
const piece = (...bytes) => Uint8Array.from(bytes).buffer;

async function takeOf(...pieces) {
  const facts = { key: newKey(), type: 'audio/webm', started: 0, seconds: 0, name: 'mine', isEnded: false, isWanted: false };
  const take = new Take(facts, new MemoryStore());
  for (const [i, bytes] of pieces.entries()) await take.append(piece(...bytes), i + 1);
  return take;
}

function sending(take, station) {
  const sender = new Sender(take, { url: 'http://station/recordings/uploads/x', fetch: station.fetch, pause: async () => {} });
  const ends = Promise.race(['done', 'refused'].map((type) => new Promise((resolve) => {
    sender.addEventListener(type, resolve, { once: true });
  })));
  return { sender, ends };
}

test('the pieces come to the station once and in order, whatever the line does', async () => {
  const faults = [undefined, 'before', 'after', 500];
  for (let number = 0; number < 4 ** 4; number += 1) {
    const station = new Station();
    station.breaks = [...Array(4).keys()].map((i) => faults[Math.floor(number / 4 ** i) % 4]);
    const take = await takeOf([1, 2, 3], [4], [5, 6]);
    await take.update({ isEnded: true, isWanted: true });
    const { sender, ends } = sending(take, station);
    await sender.run();
    assert.equal((await ends).type, 'done');
    assert.deepEqual([station.bytes, station.name], [[1, 2, 3, 4, 5, 6], 'mine']);
  }
});

test('each piece goes when it is made, and the take ends when the person sends it', async () => {
  const [station, take] = [new Station(), await takeOf([1])];
  const { sender, ends } = sending(take, station);
  const run = sender.run();
  const reached = (offset) => new Promise((resolve) => {
    const look = () => { if (sender.offset === offset) resolve(); };
    sender.addEventListener('progress', look);
    look();
  });
  await reached(1);
  await take.append(piece(2, 3), 2);
  await reached(3);
  assert.equal(station.name, null);
  await take.update({ isEnded: true });
  await take.update({ isWanted: true, name: 'named' });
  await Promise.all([run, ends]);
  assert.deepEqual([station.bytes, station.name], [[1, 2, 3], 'named']);
});

test('a refusal for good ends the sending', async () => {
  for (const status of [401, 413, 415, 507]) {
    const [station, take] = [new Station(), await takeOf([1])];
    station.breaks = [undefined, status];
    const { sender, ends } = sending(take, station);
    await sender.run();
    assert.equal((await ends).status, status);
  }
});

test('a take whose end the station does not have is refused, so that the page sends it again', async () => {
  const [station, take] = [new Station(), await takeOf([1, 2])];
  [station.bytes, station.name] = [[1], 'forgotten'];
  const { sender, ends } = sending(take, station);
  await sender.run();
  assert.equal((await ends).status, 410);
});

test('a station that takes no bytes is asked again after a pause that grows', async () => {
  const [station, take] = [new Station(), await takeOf([1, 2])];
  station.isStuck = true;
  const pauses = [];
  const sender = new Sender(take, {
    url: 'http://station/recordings/uploads/x', fetch: station.fetch,
    pause: async (ms) => { if (pauses.push(ms) === 6) sender.stop(); } });
  await sender.run();
  assert.deepEqual(pauses, [500, 1000, 2000, 4000, 8000, 8000]);
  assert.equal(station.requests.length, 12);
});

test('a take that the station has closed is refused while the page still sends', async () => {
  const [station, take] = [new Station(), await takeOf([1])];
  const { sender, ends } = sending(take, station);
  const run = sender.run();
  await new Promise((resolve) => { sender.addEventListener('progress', () => { if (sender.offset === 1) resolve(); }); });
  station.name = 'sent by another tab';
  await take.append(piece(2), 2);
  await run;
  assert.deepEqual([(await ends).status, sender.isOver], [410, true]);
});

test('a sound that the station has closed without its author gets its name when the person sends it', async () => {
  const [station, take] = [new Station(), await takeOf([1, 2])];
  [station.bytes, station.sent] = [[1, 2], false];
  await take.update({ isEnded: true, isWanted: true, name: 'named' });
  const { sender, ends } = sending(take, station);
  await sender.run();
  assert.equal((await ends).type, 'done');
  assert.deepEqual([station.bytes, station.name], [[1, 2], 'named']);
});

test('a sound that the station has closed too early goes there again, and the beginning is dropped', async () => {
  const [station, take] = [new Station(), await takeOf([1, 2])];
  [station.bytes, station.sent] = [[1], false];
  await take.update({ isEnded: true, isWanted: true });
  const { sender, ends } = sending(take, station);
  await sender.run();
  assert.equal((await ends).type, 'done');
  assert.deepEqual([station.bytes, station.name], [[1, 2], 'mine']);
});

test('a take is read from any place', async () => {
  const take = await takeOf([1, 2, 3], [4], [5, 6]);
  for (let offset = 0; offset <= 6; offset += 1) {
    const bytes = [...new Uint8Array(await (await take.read(offset)).arrayBuffer())];
    assert.deepEqual(bytes, [1, 2, 3, 4, 5, 6].slice(offset));
  }
  assert.equal((await take.read(0, 1)).size, 3);
});

test('the recorder takes the first format that both the browser and the station know', () => {
  const safari = (type) => type.startsWith('audio/mp4');
  assert.equal(recorderType(['webm', 'mp4'], safari), 'audio/mp4;codecs=mp4a.40.2');
  assert.equal(recorderType(['webm', 'ogg'], safari), null);
  assert.equal(recorderType(['webm', 'ogg'], () => true), 'audio/webm;codecs=opus');
});

test('the secrets leave the address, and a reload keeps the invite', () => {
  const kept = new Map();
  const storage = { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) };
  const first = credentialsIn(new URL('https://station/record?token=T&invite=I&x=1'), storage);
  assert.deepEqual(first, { token: 'T', headers: { 'Ringcast-Invite': 'I' }, clean: 'https://station/record?x=1' });
  assert.deepEqual(credentialsIn(new URL('https://station/record'), storage).headers, { 'Ringcast-Invite': 'I' });
  assert.equal(rootOf(new URL('https://station/radio/record')), 'https://station/radio/');
  assert.equal(rootOf(new URL('https://station/radio/record/')), 'https://station/radio/');
});
