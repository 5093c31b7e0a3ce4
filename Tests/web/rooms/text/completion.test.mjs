import assert from 'node:assert/strict';
import test from 'node:test';
import { Completion } from '../../../../web/rooms/js/text/completion.js';

const NAMES = ['Bob', 'Ann B', 'Ann', 'anton'];

/** The texts after one Tab after the other. The sign | is the caret. */
function tabs(text, count) {
  const completion = new Completion();
  let [field, caret] = [text.replace('|', ''), text.indexOf('|')];
  return Array.from({ length: count }, () => {
    const next = completion.next(field, caret, NAMES);
    if (next === null) return null;
    ({ text: field, caret } = next);
    return `${field.slice(0, caret)}|${field.slice(caret)}`;
  });
}

test('Tab completes a name, and further Tabs take the next names', () => {
  assert.deepEqual(tabs('hi @an|', 4), ['hi @Ann |', 'hi @Ann B |', 'hi @anton |', 'hi @Ann |']);
  assert.deepEqual(tabs('@b| there', 2), ['@Bob |there', '@Bob |there']);
  assert.deepEqual(tabs('@ann b|', 1), ['@Ann B |']);
});

for (const text of ['|', 'hello|', 'a@an|', '@|', '@zoe|', '@ann\n|']) {
  test(`Tab moves the focus in ${JSON.stringify(text)}`, () => assert.deepEqual(tabs(text, 1), [null]));
}

test('a text that was changed after a Tab is completed anew', () => {
  const completion = new Completion();
  completion.next('@an', 3, NAMES);
  assert.deepEqual(completion.next('@Ann @bo', 8, NAMES), { text: '@Ann @Bob ', caret: 10 });
});
