import assert from 'node:assert/strict';
import test from 'node:test';
import de from '../../../web/js/language/de.js';
import en from '../../../web/js/language/en.js';
import { speak } from '../../../web/js/language/texts.js';
import { UploadRequests, actionsOnUpload, wordsOfUpload } from '../../../web/operators/uploads.js';
import { outline, uploadFacts } from '../../../web/recordings/js/upload-row.js';

const UPLOAD = {
  id: 'upload-1', start: '2026-11-30T14:00:00+01:00', length: 61.5, size: 1_500_000, published: false, state: 'ready',
  type: 'audio/mpeg',
};

test('an upload in words says how far it is', () => {
  assert.match(wordsOfUpload(UPLOAD), /2026.*14:00 · 1:01 · 1\.5 MB · not published$|2026.*2:00\sPM · 1:01 · 1\.5 MB · not published$/);
  assert.match(wordsOfUpload({ ...UPLOAD, length: null, state: 'processing', progress: 0.4 }), /being prepared \(40 %\)$/);
  assert.match(uploadFacts({ ...UPLOAD, published: true }, 'en-GB'), /14:00 · 1:01 · 1\.5 MB$/);
});

test('dates, sizes and shares of an upload are written as the language writes them', () => {
  const upload = { ...UPLOAD, length: null, state: 'processing', progress: 0.4 };
  speak('de', de);
  const words = [wordsOfUpload(upload), uploadFacts(upload)].map((line) => line.replace(/\s/g, ' '));
  speak('en', en);
  for (const line of words) {
    assert.match(line, /^30\.11\.2026, 14:00 · 1,5 MB/);
    assert.ok(line.endsWith(`${de['upload.processing']} (40 %)`), line);
  }
});

test('only sound that the station can decode goes on the air', () => {
  const names = (upload) => actionsOnUpload(upload, ['live', 'jazz']).map(({ name, stream }) => [name, stream].filter(Boolean).join(' '));
  assert.deepEqual(names(UPLOAD), ['publish', 'air live', 'air jazz', 'remove']);
  assert.deepEqual(names({ ...UPLOAD, published: true, type: 'audio/webm' }), ['hide', 'remove']);
});

test('a sound that its author has not sent can only be deleted', () => {
  assert.deepEqual(actionsOnUpload({ ...UPLOAD, sent: false }, ['live']).map(({ name }) => name), ['remove']);
  assert.match(wordsOfUpload({ ...UPLOAD, sent: false }), /not sent by its author$/);
});

test('a refusal is a sentence, and a station without uploads has no list', async () => {
  const requests = (status, body) =>
    new UploadRequests('https://station/', 'T', async () => new Response(JSON.stringify(body), { status }));
  assert.equal(await requests(404, {}).list(), null);
  await assert.rejects(requests(409, { message: 'another source is on the air' }).act('x', { name: 'air', stream: 'live' }),
    { message: 'Another source is on the air.' });
  await assert.rejects(requests(401, {}).act('x', { name: 'hide' }), /operator’s token/);
});

test('each peak is a line of the outline', () => assert.equal(outline([0, 100]), 'M0.5 50.0V50.7M1.5 0.0V100.0'));
