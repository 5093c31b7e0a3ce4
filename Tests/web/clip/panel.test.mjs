// The panel that cuts a clip, in a document of the test.

import assert from 'node:assert/strict';
import test from 'node:test';

import { ClipPanel } from '../../../web/js/clip/clip-panel.js';
import de from '../../../web/js/language/de.js';
import { setTexts } from '../../../web/js/language/elements.js';
import en from '../../../web/js/language/en.js';
import { speak } from '../../../web/js/language/texts.js';
import { fakeDocument, readIn } from '../fake-element.mjs';

function makePanel(source) {
  globalThis.document = fakeDocument;
  return new ClipPanel({
    limits: () => null, place: () => null, words: String, url: () => 'http://h/clip', name: 'clip.mp3', note: () => '',
    ...source,
  });
}

function speakAt({ element }, code, table) {
  speak(code, table);
  setTexts(element);
}

test('every word of the panel follows the language, with the names of the sliders', () => {
  const panel = makePanel({});
  assert.ok(readIn(panel.element).includes(en['clip.from']));
  speakAt(panel, 'de', de);
  const [german, english] = [Object.values(de), Object.values(en)];
  for (const words of readIn(panel.element)) {
    assert.ok(german.includes(words) || !english.includes(words), words);
  }
  for (const key of ['clip.from', 'clip.to', 'clip.mark-from', 'clip.play', 'clip.nothing', 'recordings.download']) {
    assert.ok(readIn(panel.element).includes(de[key]), key);
  }
  const sliders = panel.element.querySelectorAll('input').map(({ attributes }) => attributes['aria-label']);
  assert.deepEqual(sliders, [de['clip.from'], de['clip.to']]);
  speakAt(panel, 'en', en);
});

test('the sentence that there is nothing to cut ends with the first sound, whatever the language was before', () => {
  let limits = null;
  const panel = makePanel({ limits: () => limits });
  assert.ok(readIn(panel.element).includes(en['clip.nothing']));
  speakAt(panel, 'de', de);
  limits = { min: 0, max: 60 };
  panel.update();
  assert.ok(!readIn(panel.element).includes(de['clip.nothing']));
  speakAt(panel, 'en', en);
});

test('the times of the marks are written as the language writes them, until the panel is gone', () => {
  let count = 0;
  const gone = new AbortController();
  const panel = makePanel({ limits: () => ({ min: 0, max: 60 }), words: () => `${count += 1}`, signal: gone.signal });
  const before = count;
  speakAt(panel, 'de', de);
  assert.ok(count > before);
  const atEnd = count;
  gone.abort();
  speakAt(panel, 'en', en);
  assert.equal(count, atEnd);
});

test('an opened panel proposes the newest sound, and keeps the marks that a person has moved', () => {
  let limits = { min: 0, max: 2 };
  const panel = makePanel({ limits: () => limits, place: () => limits.max });
  assert.deepEqual(panel.marks, { from: 0, to: 2 });
  limits = { min: 100, max: 160 };
  panel.propose();
  assert.deepEqual(panel.marks, { from: 145, to: 160 });
  const [from] = panel.element.querySelectorAll('input');
  from.value = 150;
  from.dispatchEvent(new Event('input'));
  limits = { min: 120, max: 180 };
  panel.propose();
  assert.deepEqual(panel.marks, { from: 150, to: 160 });
});

test('marks that the sound has left move on with the ring', () => {
  let limits = { min: 0, max: 60 };
  const panel = makePanel({ limits: () => limits, place: () => 20 });
  assert.deepEqual(panel.marks, { from: 5, to: 20 });
  limits = { min: 10, max: 70 };
  panel.update();
  assert.deepEqual(panel.marks, { from: 10, to: 20 });
});
