import assert from 'node:assert/strict';
import test from 'node:test';
import { heldTake, holdTake } from '../../../web/js/record/take-lock.js';
import { TakeRecorder } from '../../../web/js/record/take-recorder.js';
import { Take, newKey } from '../../../web/js/record/take.js';
import { MemoryStore } from '../../../web/js/record/take-store.js';

const FACTS = { type: 'audio/webm', started: 0, seconds: 0, name: 'mine', isEnded: false, isWanted: false };
const piece = (...bytes) => Uint8Array.from(bytes).buffer;
const bytesOf = async (take) => [...new Uint8Array(await (await take.read(0)).arrayBuffer())];

/** A store whose disk is full after some writes. */
class FullStore extends MemoryStore {
  kept = 0;

  constructor(room) {
    super();
    this.room = room;
  }

  #use() {
    if (this.room === 0) throw new DOMException('the disk is full', 'QuotaExceededError');
    this.room -= 1;
  }

  async append(...piece) {
    this.#use();
    this.kept += 1;
    return super.append(...piece);
  }

  async update() { this.#use(); }
}

test('a store that fails loses no piece, and the take says so once', async () => {
  const store = new FullStore(3);
  const take = new Take({ ...FACTS, key: newKey() }, store);
  let told = 0;
  take.addEventListener('unkept', () => { told += 1; });
  for (let i = 1; i <= 4; i += 1) await take.append(piece(i), i);
  assert.deepEqual([await bytesOf(take), take.facts.seconds, told, take.isKept], [[1, 2, 3, 4], 4, 1, false]);
  // A piece behind a gap would not be found again.
  store.room = Infinity;
  await take.append(piece(5), 5);
  assert.deepEqual([await bytesOf(take), store.kept], [[1, 2, 3, 4, 5], 2]);
});

test('a recorder ends with all its pieces though the store fails, and though the bytes of one piece are lost', async (context) => {
  class FakeRecorder extends EventTarget {
    static last;
    state = 'inactive';
    constructor() { super(); FakeRecorder.last = this; }
    start() { this.state = 'recording'; }
    give(data) { this.dispatchEvent(Object.assign(new Event('dataavailable'), { data })); }
    stop() { this.dispatchEvent(new Event('stop')); }
  }
  Object.assign(globalThis, { MediaRecorder: FakeRecorder, MediaStream: class {} });
  context.after(() => { delete globalThis.MediaRecorder; delete globalThis.MediaStream; });
  const take = new Take({ ...FACTS, key: newKey() }, new FullStore(0));
  const recorder = new TakeRecorder(null, take);
  let lost = 0;
  recorder.addEventListener('lost', () => { lost += 1; });
  recorder.start();
  FakeRecorder.last.give({ arrayBuffer: async () => piece(1) });
  FakeRecorder.last.give({ arrayBuffer: async () => { throw new DOMException('gone', 'NotReadableError'); } });
  FakeRecorder.last.give({ arrayBuffer: async () => piece(2) });
  const ended = new Promise((resolve) => { recorder.addEventListener('ended', resolve); });
  recorder.stop();
  await ended;
  assert.deepEqual([await bytesOf(take), take.facts.isEnded, lost], [[1, 2], true, 1]);
});

/** The locks of a browser with several tabs. */
class Locks {
  #held = new Set();

  async request(name, { signal }, action) {
    while (this.#held.has(name)) {
      signal.throwIfAborted();
      await new Promise((resolve) => { setTimeout(resolve, 1); });
    }
    this.#held.add(name);
    await action({ name });
    this.#held.delete(name);
  }
}

test('one tab holds a take, until the tab lets go', async () => {
  const locks = new Locks();
  const letGo = await holdTake('1', locks);
  assert.equal(await holdTake('1', locks, 0), null);
  assert.equal(typeof await holdTake('2', locks), 'function');
  // A page that is loaded again waits for the end of the page before.
  const next = holdTake('1', locks, 60_000);
  letGo();
  assert.equal(typeof await next, 'function');
  assert.equal(typeof await holdTake('1', null), 'function');
});

test('a tab goes on with the oldest take that no other tab holds', async () => {
  const takes = new Map([['held', 1], ['old', 2], ['new', 3]].map(([key, started]) => [key, { facts: { key, started }, sizes: [5] }]));
  const store = { all: async () => [...takes.values()].reverse(), remove: async (key) => takes.delete(key) };
  const locks = new Locks();
  const hold = (key) => holdTake(key, locks, 10);
  await hold('held');
  const found = await heldTake(store, 4, hold);
  assert.equal(found.facts.key, 'old');
  assert.equal((await heldTake(store, 4, hold)).facts.key, 'new');
  assert.equal(await heldTake(store, 4, hold), null);
});

test('an empty take is removed, but not while its recorder begins', async () => {
  const takes = new Map([['young', 100_000], ['empty', 20_000]].map(([key, started]) => [key, { facts: { key, started }, sizes: [] }]));
  const store = { all: async () => [...takes.values()], remove: async (key) => takes.delete(key) };
  assert.equal(await heldTake(store, 110_000, async () => () => {}), null);
  assert.deepEqual([...takes.keys()], ['young']);
});

test('a take that another tab has just finished is not found again', async () => {
  let looks = 0;
  const store = { all: async () => (looks++ === 0 ? [{ facts: { key: '1', started: 0 }, sizes: [5] }] : []), remove: async () => {} };
  assert.equal(await heldTake(store, 1, async () => () => {}), null);
});
