import assert from 'node:assert/strict';
import test from 'node:test';
import { StationPoller, pollDelaySeconds } from '../../../web/js/station/station-poller.js';

const BODY = JSON.stringify({ name: 'Harbour', streams: [] });

/** A poller, its events in order, and the header fields of its requests. `answers` gives the answer to each request. */
function polling(t, answers, ready = Promise.resolve()) {
  const [events, etags] = [[], []];
  t.mock.method(globalThis, 'fetch', async (url, { headers }) => {
    assert.equal(url, `http://radio.example/station.json?${etags.length}`);
    etags.push(headers['If-None-Match'] ?? null);
    return answers[etags.length - 1]();
  });
  const poller = new StationPoller(() => `http://radio.example/station.json?${etags.length}`, ready);
  for (const type of ['station', 'answer', 'failure']) poller.addEventListener(type, () => events.push(type));
  return { poller, events, etags };
}
const answer = (etag, body = BODY) => () => new Response(body, { headers: etag ? { ETag: etag } : {} });
const unchanged = () => new Response(null, { status: 304 });
const failure = () => new Response('', { status: 503 });

test('a request carries the ETag of the last answer, and an unchanged station is not shown again', async (t) => {
  const { poller, events, etags } = polling(t, [answer('"1"'), unchanged, answer('"2"'), unchanged]);
  for (let i = 0; i < 4; i++) await poller.poll();
  assert.deepEqual(etags, [null, '"1"', '"1"', '"2"']);
  assert.deepEqual(events, ['station', 'answer', 'answer', 'station', 'answer', 'answer']);
});

test('a failure and an answer that is no station are told, and the ETag of such an answer is not kept', async (t) => {
  const { poller, events, etags } = polling(t, [failure, answer('"1"', '[]'), answer('"2"', '{'), unchanged, answer(null)]);
  for (let i = 0; i < 5; i++) await poller.poll();
  assert.deepEqual(etags, [null, null, null, null, null]);
  assert.deepEqual(events, ['failure', 'failure', 'failure', 'failure', 'station', 'answer']);
});

test('the first request does not wait for the page, and its answer does', async (t) => {
  let show;
  const { poller, events, etags } = polling(t, [answer('"1"')], new Promise((resolve) => { show = resolve; }));
  const polled = poller.poll();
  await new Promise((resolve) => setTimeout(resolve));
  assert.deepEqual([etags.length, events], [1, []]);
  show();
  await polled;
  assert.deepEqual(events, ['station', 'answer']);
});

test('the requests become rarer while they fail, up to one a minute, and differ from page to page', () => {
  assert.deepEqual([0, 1, 2, 3, 4, 5, 50].map((failures) => pollDelaySeconds(failures, 0.5)), [5, 5, 10, 20, 40, 60, 60]);
  assert.deepEqual([0, 1].map((random) => pollDelaySeconds(5, random)), [45, 75]);
});
