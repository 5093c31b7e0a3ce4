import assert from 'node:assert/strict';
import test from 'node:test';
import { Store } from '../../../web/js/page/store.js';

function example() {
  const source = new EventTarget();
  const values = { a: 1, b: 1 };
  const store = new Store({
    a: { get: () => values.a, events: [[source, 'one'], [source, 'both']] },
    b: { get: () => values.b, events: [[source, 'both']] },
  });
  const changes = [];
  store.addEventListener('change', ({ snapshot }) => changes.push(snapshot));
  const emit = async (type) => {
    source.dispatchEvent(new Event(type));
    await null;
  };
  return { store, values, changes, emit };
}

test('an event refreshes only its keys', async () => {
  const { store, values, changes, emit } = example();
  Object.assign(values, { a: 2, b: 2 });
  await emit('one');
  assert.deepEqual(changes, [{ a: 2, b: 1 }]);
  assert.deepEqual(store.snapshot, { a: 2, b: 1 });
  assert.deepEqual(store.read(), { a: 2, b: 2 }, 'read looks at everything');
});

test('several events in one turn cause one change', async () => {
  const { values, changes, emit } = example();
  Object.assign(values, { a: 2, b: 2 });
  await Promise.all([emit('one'), emit('both'), emit('one')]);
  assert.deepEqual(changes, [{ a: 2, b: 2 }]);
});

test('an event without a change is not announced', async () => {
  const { store, changes, emit } = example();
  const before = store.snapshot;
  await emit('both');
  assert.deepEqual(changes, []);
  assert.equal(store.snapshot, before);
});

test('a snapshot is frozen', () => {
  assert.throws(() => { example().store.snapshot.a = 7; }, TypeError);
});
