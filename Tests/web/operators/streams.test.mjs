import assert from 'node:assert/strict';
import test from 'node:test';
import { StreamRequests } from '../../../web/operators/stream-requests.js';
import { actedOn } from '../../../web/operators/streams.js';

const CLIENT = { user: 'anna', address: '10.0.0.7', program: 'butt 0.1.40', name: '', format: 'MP3',
  since: '2026-11-30T20:14:00.000Z' };
const kinds = (stream) => actedOn({ streams: [{ name: 'live', ...stream }] })
  .map(({ actions }) => actions.map(({ kind }) => kind));

test('a stream without source clients and without a recorder has nothing to do', () => assert.deepEqual(kinds({}), []));

test('the actions are those that are possible', () => {
  assert.deepEqual(kinds({ sourceClient: null }), [[]]);
  assert.deepEqual(kinds({ sourceClient: CLIENT }), [['disconnect']]);
  assert.deepEqual(kinds({ recorder: { on: true, well: true } }), [['stop', 'mark']]);
  assert.deepEqual(kinds({ recorder: { on: false, well: true } }), [['start']]);
});

test('the words name the person who is live, with the address', () => {
  const [{ sentences }] = actedOn({ streams: [{ name: 'live', sourceClient: CLIENT, recorder: { on: true, well: false } }] });
  assert.match(sentences[0], /^anna from 10\.0\.0\.7 is live with MP3, by butt 0\.1\.40, since \d/);
  assert.deepEqual(sentences.slice(1), ['The stream is recorded.', 'The disk of the recordings is in trouble.']);
});

test('a request carries the token, and a refusal is a sentence', async () => {
  const asked = [];
  const requests = (status, text = '') => new StreamRequests('http://h/base/status.html', 'secret', async (url, options) => {
    asked.push([url, options.method, options.headers.Authorization, options.body]);
    return { ok: status < 300, status, text: async () => text };
  });
  await requests(200).record('live', 'mark', { title: 'x' });
  await requests(204).disconnect('live');
  assert.deepEqual(asked, [
    ['http://h/base/recordings/live/mark', 'POST', 'Bearer secret', '{"title":"x"}'],
    ['http://h/base/live/disconnect', 'POST', 'Bearer secret', undefined],
  ]);
  await assert.rejects(requests(409, 'the recording is stopped\n').record('live', 'mark'), /^Error: The recording is stopped\.$/);
  await assert.rejects(requests(401).disconnect('live'), /operator’s token/);
  await assert.rejects(requests(500).disconnect('live'), /\(500\)/);
});
