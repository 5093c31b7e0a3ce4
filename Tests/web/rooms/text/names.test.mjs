import assert from 'node:assert/strict';
import test from 'node:test';
import { checkedName, hueOf, initial, roomNameFrom } from '../../../../web/rooms/js/text/names.js';

for (const [text, name] of [
  ['Ann', 'Ann'], ['  Ann  ', 'Ann'], ['Jose\u0301', 'Jos\u00e9'], ['ζωή 🎧', 'ζωή 🎧'],
  ['👩‍👩‍👧‍👦'.repeat(32), '👩‍👩‍👧‍👦'.repeat(32)],
]) {
  test(`the name ${text} is ${name}`, () => assert.deepEqual(checkedName(text), { name }));
}

for (const text of ['', '   ', 'a\u0007b', 'a\nb', 'a\u202eb', 'a\u2066b', 'a\u200fb', 'x'.repeat(33)]) {
  test(`${JSON.stringify(text)} is no name`, () => assert.match(checkedName(text).problem, /^[A-Z].*\.$/));
}

for (const [text, name] of [
  ['kitchen', 'kitchen'], [' The Old  Kitchen ', 'the-old-kitchen'], ['a_b-9', 'a_b-9'], ['-a', null], ['a.b', null], ['', null],
  ['a/b', null], ['x'.repeat(64), 'x'.repeat(64)], ['x'.repeat(65), null], ['küche', null], ['List', null], ['lists', 'lists'],
]) {
  test(`the room ${JSON.stringify(text)} is ${name}`, () => assert.equal(roomNameFrom(text), name));
}

test('a picture has the first letter in upper case, and the same colour for each spelling', () => {
  assert.deepEqual(['ann', '👩‍👧 x', ' élan', ''].map(initial), ['A', '👩‍👧', 'É', '?']);
  assert.equal(hueOf('ANN'), hueOf('ann'));
  assert.equal(hueOf('Jose\u0301'), hueOf('Jos\u00e9'));
  assert.ok(new Set(['Ann', 'Bob', 'Cleo', 'Dan', 'Eve'].map(hueOf)).size > 2);
});
