import assert from 'node:assert/strict';
import test from 'node:test';
import { PictureStore } from '../../../web/js/picture/picture-store.js';

const picture = (id) => ({ id, date: 0 });
const answer = (status) => ({ status, ok: status === 200, blob: async () => 'a still' });

/**
 * A store as a page uses it: each time that a picture has come or failed, the page wants all pictures again.
 * @param {object} world
 * @param {(address: string, signal: AbortSignal) => Promise<object>} world.fetch
 */
function page(t, { fetch, decode = async () => ({ close() {} }), ids = [1, 2] }) {
  const made = { fetched: [], missing: [], time: 0 };
  t.mock.method(performance, 'now', () => made.time);
  t.mock.timers.enable({ apis: ['setTimeout'] });
  t.mock.method(globalThis, 'fetch', (address, { signal }) => {
    made.fetched.push(address);
    // A loop is to fail the test, and not to hang it.
    if (made.fetched.length > 50) return new Promise(() => {});
    return fetch(address, signal);
  });
  globalThis.createImageBitmap = decode;
  t.after(() => { delete globalThis.createImageBitmap; });
  const store = made.store = new PictureStore((id) => `${id}.jpg`);
  let wanted = ids.map(picture);
  made.want = () => store.want(wanted);
  store.onPicture = made.want;
  store.onMissing = (id) => {
    made.missing.push(id);
    wanted = wanted.filter((other) => other.id !== id);
  };
  return made;
}

/** Everything that waits for no clock has happened. */
const settle = async () => { for (let i = 0; i < 200; i++) await null; };

test('pictures are fetched one after the other, each once', async (t) => {
  const { store, want, fetched } = page(t, { fetch: async () => answer(200) });
  want();
  assert.deepEqual(fetched, ['1.jpg']);
  await settle();
  want();
  assert.deepEqual(fetched, ['1.jpg', '2.jpg']);
  assert.notEqual(store.get(1), null);
});

for (const [name, fetch] of [
  ['the network fails', async () => { throw new TypeError('Failed to fetch'); }],
  ...[401, 429, 500, 503].map((status) => [`the answer is ${status}`, async () => answer(status)]),
]) {
  test(`where ${name}, the pictures rest, each time for longer, up to a minute`, async (t) => {
    const made = page(t, { fetch });
    made.want();
    await settle();
    assert.deepEqual(made.fetched, ['1.jpg']);
    for (const rest of [5000, 10_000, 20_000, 40_000, 60_000, 60_000]) {
      const count = made.fetched.length;
      made.time += rest - 1;
      made.want();
      await settle();
      assert.equal(made.fetched.length, count);
      made.time += 1;
      made.want();
      await settle();
      assert.equal(made.fetched.length, count + 1);
    }
    assert.deepEqual(made.missing, []);
  });
}

test('a picture that comes ends the row of failures', async (t) => {
  let status = 503;
  const made = page(t, { fetch: async () => answer(status) });
  for (const time of [0, 5000]) {
    made.time = time;
    made.want();
    await settle();
  }
  status = 200;
  made.time = 15_000;
  made.want();
  await settle();
  status = 503;
  made.store.want([picture(3)]);
  await settle();
  made.time = 20_000;
  made.store.want([picture(3)]);
  assert.deepEqual(made.fetched.slice(-3), ['2.jpg', '3.jpg', '3.jpg']);
});

test('a picture that the server does not have is dropped, and the next one is fetched at once', async (t) => {
  const made = page(t, { fetch: async (address) => answer(address === '1.jpg' ? 404 : 200) });
  made.want();
  await settle();
  assert.deepEqual([made.missing, made.fetched], [[1], ['1.jpg', '2.jpg']]);
});

test('a picture that cannot be decoded is dropped, and the pictures rest', async (t) => {
  const decode = async () => { throw new DOMException('no image', 'InvalidStateError'); };
  const made = page(t, { fetch: async () => answer(200), decode });
  made.want();
  await settle();
  assert.deepEqual([made.missing, made.fetched], [[1], ['1.jpg']]);
  made.time = 5000;
  made.want();
  await settle();
  assert.deepEqual([made.missing, made.fetched], [[1, 2], ['1.jpg', '2.jpg']]);
});

/** A fetch that lasts until it is given up. */
const endless = (_, signal) => new Promise((resolve, reject) => {
  signal.addEventListener('abort', () => reject(signal.reason));
});

test('a picture that takes longer than two seconds is given up, and the pictures rest', async (t) => {
  const made = page(t, { fetch: endless });
  made.want();
  t.mock.timers.tick(2000);
  await settle();
  assert.deepEqual(made.fetched, ['1.jpg']);
});

test('a picture that is given up for the sound is no failure', async (t) => {
  const made = page(t, { fetch: endless });
  made.store.onPicture = () => {};
  made.want();
  made.store.stop();
  await settle();
  made.want();
  assert.deepEqual([made.missing, made.fetched], [[], ['1.jpg', '1.jpg']]);
});
