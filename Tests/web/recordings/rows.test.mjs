// The rows of the list in a document of the test: a change of the language, and the end of a row.

import assert from 'node:assert/strict';
import test from 'node:test';

import de from '../../../web/js/language/de.js';
import { setTexts } from '../../../web/js/language/elements.js';
import en from '../../../web/js/language/en.js';
import { speak } from '../../../web/js/language/texts.js';
import { RecordingRow } from '../../../web/recordings/js/recording-row.js';
import { UploadRow } from '../../../web/recordings/js/upload-row.js';
import { recordingURLs } from '../../../web/recordings/js/words.js';
import { FakeElement, fakeDocument, readIn } from '../fake-element.mjs';

globalThis.document = fakeDocument;
const RECORDING = {
  id: 'live-1', title: 'live 1', named: false, public: true, hidden: true, stream: 'live', start: '2026-11-30T14:00:00+01:00',
  length: 3600, size: 57_665_536, chapters: [{ start: 0, end: 60, title: 'Song' }, { start: 60, end: 90, title: 'Air' }],
};
const UPLOAD = {
  id: 'upload-1', title: 'Talk', start: '2026-11-30T14:00:00+01:00', length: 61.5, size: 1_500_000, published: false,
  state: 'processing', progress: 0.4, url: '/recordings/upload-1.mp3', peaks: [1, 2],
};
const urls = recordingURLs(new URL('https://a.example/recordings/?edit'));

/** The element that plays. It counts its listeners. */
class FakeAudio extends FakeElement {
  listeners = new Set();

  addEventListener(name, listener, { signal } = {}) {
    const entry = [name, listener];
    this.listeners.add(entry);
    signal?.addEventListener('abort', () => this.listeners.delete(entry));
  }
}

const KINDS = {
  recording: (audio) => new RecordingRow(RECORDING, urls, audio, { token: null, onChange() {} }),
  upload: (audio) => new UploadRow(UPLOAD, urls.list, audio),
};

/** The texts that are the same in both languages. */
const isShared = (words) => Object.values(de).includes(words) || !Object.values(en).includes(words);

for (const [kind, makeRow] of Object.entries(KINDS)) {
  test(`the words of the row of a ${kind} follow the language`, () => {
    const row = makeRow(new FakeAudio('audio'));
    const english = readIn(row.element);
    speak('de', de);
    setTexts(row.element);
    row.update();
    const german = readIn(row.element);
    speak('en', en);
    assert.ok(english.includes(en['recordings.download']) && german.includes(de['recordings.download']));
    assert.ok(german.some((words) => words.startsWith(de['recordings.play'].split('{')[0])), german.join());
    assert.deepEqual(german.filter((words) => !isShared(words)), []);
    // Sentences with values.
    const same = german.filter((words) => english.includes(words) && /\p{L}{5}/u.test(words));
    assert.deepEqual(same.filter((words) => ![UPLOAD.title, RECORDING.stream].includes(words)), []);
  });

  test(`a change of the language gives the element that plays no further listener of the row of a ${kind}`, () => {
    const audio = new FakeAudio('audio');
    const row = makeRow(audio);
    const count = audio.listeners.size;
    assert.ok(count > 0);
    for (const [code, table] of [['de', de], ['en', en]]) {
      speak(code, table);
      row.update();
    }
    assert.equal(audio.listeners.size, count);
  });

  test(`the row of a ${kind} takes its listeners away with it`, () => {
    const audio = new FakeAudio('audio');
    makeRow(audio).remove();
    assert.equal(audio.listeners.size, 0);
  });
}

test('a title that an operator is typing stays when the language changes', () => {
  const row = KINDS.recording(new FakeAudio('audio'));
  const [field] = row.element.querySelectorAll('input');
  field.value = 'A better title';
  speak('de', de);
  setTexts(row.element);
  row.update();
  speak('en', en);
  assert.equal(field.value, 'A better title');
  assert.equal(field.attributes.placeholder, de['shelf.title']);
});
