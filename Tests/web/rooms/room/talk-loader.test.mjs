import assert from 'node:assert/strict';
import test from 'node:test';
import { TalkLoader } from '../../../../web/rooms/js/room/talk-loader.js';

/** A loader whose modules come when `give` or `refuse` is called, with all rooms that `createTalk` was called with. */
function loading() {
  globalThis.document = { head: { append() {} } };
  const connection = new EventTarget();
  const created = [];
  const loads = [];
  const loader = new TalkLoader(() => ({}), { connection }, () => new Promise((give, refuse) => {
    loads.push({ give: () => give({ createTalk: (room) => created.push(room) }), refuse });
  }));
  const tell = (message) => connection.dispatchEvent(Object.assign(new Event('message'), { message }));
  return { loader, created, loads, tell };
}

test('a host who asks before the modules are there has asked', async () => {
  const { loader, created, loads, tell } = loading();
  const opened = loader.open();
  tell({ type: 'members', changed: [] });
  tell({ type: 'air_request', by: 'Ann' });
  loads[0].give();
  await opened;
  tell({ type: 'air_request', by: 'Bob' });
  assert.deepEqual(created.map(({ missed }) => missed), [[{ type: 'air_request', by: 'Ann' }]]);
});

test('modules that did not come are loaded again with the next welcome', async () => {
  const { loader, created, loads } = loading();
  const opened = loader.open();
  loads[0].refuse(new Error('no network'));
  await opened;
  const again = loader.open();
  loads[1].give();
  await again;
  await loader.open();
  assert.deepEqual([created.length, loads.length], [1, 2]);
});
