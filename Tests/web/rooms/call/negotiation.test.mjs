import assert from 'node:assert/strict';
import test from 'node:test';
import { Negotiation } from '../../../../web/rooms/js/call/negotiation.js';
import { FakeConnection, settle } from './fake-connection.mjs';

/** Two pages and the road between them, on which signals can be held back or lost. */
function pair() {
  const road = { held: null, lost: 0, sent: [] };
  const sides = [true, false].map((isPolite) => ({ isPolite, connection: new FakeConnection(), answers: 0 }));
  sides.forEach((side, i) => {
    const other = sides[1 - i];
    const deliver = (signal) => setImmediate(() => other.negotiation.receive(signal));
    side.negotiation = new Negotiation(side.connection, {
      isPolite: side.isPolite,
      send(signal) {
        road.sent.push({ ...signal, isPolite: side.isPolite });
        if (road.lost > 0) road.lost -= 1;
        else if (road.held) road.held.push(() => deliver(signal));
        else deliver(signal);
      },
      prepareAnswer: async () => { side.answers += 1; },
    });
    side.connection.addEventListener('negotiationneeded', () => side.negotiation.offer());
  });
  const [polite, impolite] = sides;
  const agree = () => {
    assert.deepEqual(sides.map(({ connection }) => connection.signalingState), ['stable', 'stable']);
    assert.equal(polite.connection.remoteDescription.sdp, impolite.connection.localDescription.sdp);
    assert.equal(impolite.connection.remoteDescription.sdp, polite.connection.localDescription.sdp);
  };
  return { road, polite, impolite, agree, close: () => sides.forEach(({ negotiation }) => negotiation.close()) };
}

for (const who of ['polite', 'impolite']) {
  test(`an offer of the ${who} page is answered`, async () => {
    const pages = pair();
    pages[who].connection.addTransceiver('audio');
    await settle();
    pages.agree();
    assert.deepEqual(pages.road.sent.map(({ kind }) => kind), ['offer', 'answer']);
    pages.close();
  });
}

test('where both make an offer, the polite page takes back its own', async () => {
  const pages = pair();
  pages.polite.connection.addTransceiver('audio');
  await settle();
  pages.polite.connection.restartIce();
  pages.impolite.connection.restartIce();
  await settle();
  pages.agree();
  assert.deepEqual([pages.polite.connection.rollbacks, pages.impolite.connection.rollbacks], [1, 0]);
  pages.close();
});

test('offers that cross on a slow road are settled too', async () => {
  const pages = pair();
  pages.impolite.connection.addTransceiver('audio');
  await settle();
  pages.road.held = [];
  pages.impolite.connection.restartIce();
  await settle();
  pages.polite.connection.restartIce();
  await settle();
  const { held } = pages.road;
  pages.road.held = null;
  for (const deliver of held) deliver();
  await settle();
  pages.agree();
  pages.close();
});

test('an offer that is lost is sent again', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const pages = pair();
  pages.road.lost = 1;
  pages.polite.connection.addTransceiver('audio');
  await settle();
  assert.equal(pages.polite.connection.signalingState, 'have-local-offer');
  t.mock.timers.tick(5000);
  await settle();
  pages.agree();
  assert.deepEqual(pages.road.sent.map(({ kind, number }) => [kind, number]), [['offer', 1], ['offer', 1], ['answer', 1]]);
  pages.close();
});

test('an answer that is lost is given again, and an offer with its answer is sent once', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const pages = pair();
  pages.road.held = [];
  pages.polite.connection.addTransceiver('audio');
  await settle();
  const [offer] = pages.road.held.splice(0);
  offer();
  await settle();
  assert.equal(pages.road.held.splice(0).length, 1, 'the answer, which is lost');
  pages.road.held = null;
  t.mock.timers.tick(5000);
  await settle();
  pages.agree();
  const count = pages.road.sent.length;
  t.mock.timers.tick(60_000);
  await settle();
  assert.equal(pages.road.sent.length, count);
  pages.close();
});

test('a second answer to an earlier offer is not taken for the answer to the present one', async () => {
  const pages = pair();
  pages.polite.connection.addTransceiver('audio');
  await settle();
  const { sdp } = pages.impolite.connection.localDescription;
  pages.road.held = [];
  pages.polite.connection.restartIce();
  await settle();
  await pages.polite.negotiation.receive({ kind: 'answer', number: 1, sdp });
  assert.equal(pages.polite.connection.signalingState, 'have-local-offer');
  pages.road.held.splice(0).forEach((deliver) => deliver());
  pages.road.held = null;
  await settle();
  pages.agree();
  pages.close();
});

test('the candidates of an ignored offer are ignored', async () => {
  const pages = pair();
  pages.impolite.connection.addTransceiver('audio');
  await settle();
  pages.road.held = [];
  pages.impolite.connection.restartIce();
  await settle();
  await pages.impolite.negotiation.receive({ kind: 'offer', number: 1, sdp: 'ignored media:1' });
  await pages.impolite.negotiation.receive({ kind: 'ice', candidates: [{ candidate: '', usernameFragment: 'other' }] });
  assert.deepEqual(pages.impolite.connection.candidates, []);
  pages.close();
});

test('a broken description is an error, and the next offer works', async () => {
  const pages = pair();
  await assert.rejects(pages.polite.negotiation.receive({ kind: 'offer', number: 1 }), TypeError);
  pages.polite.connection.addTransceiver('audio');
  await settle();
  pages.agree();
  pages.close();
});
