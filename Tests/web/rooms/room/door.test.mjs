// The door and the place of the page when the language changes.

import assert from 'node:assert/strict';
import test from 'node:test';

import de from '../../../../web/js/language/de.js';
import { setTexts } from '../../../../web/js/language/elements.js';
import en from '../../../../web/js/language/en.js';
import { speak } from '../../../../web/js/language/texts.js';
import { makeDoor } from '../../../../web/rooms/js/room/door.js';
import { PlaceView } from '../../../../web/rooms/js/room/place-view.js';
import { FakeElement, fakeDocument } from '../../fake-element.mjs';

globalThis.document = Object.assign(fakeDocument, { body: new FakeElement('body') });

/** The elements of a page by id, and the page around them. */
function makePage() {
  const [page, elements] = [new FakeElement('main'), {}];
  const find = (id) => {
    if (!elements[id]) {
      elements[id] = new FakeElement('div');
      elements[id].querySelector = () => new FakeElement('button');
      page.append(elements[id]);
    }
    return elements[id];
  };
  const place = new PlaceView(find, { door: makeDoor(find, () => {}), name: () => 'Ann', onInside() {}, onOutside() {} });
  return { page, find, place };
}

function inGerman({ page }, look) {
  speak('de', de);
  setTexts(page);
  const seen = look();
  speak('en', en);
  return seen;
}

const REASONS = { kick: 'removed', ban: 'banned', 'closed room': 'closed' };

for (const [event, code] of Object.entries(REASONS)) {
  test(`after a ${event}, the reason follows the language, and the focus stays where it is`, () => {
    const made = makePage();
    made.place.show({ phase: 'ended', error: { code }, road: 'socket', retryAt: null });
    assert.equal(made.find('door-error').textContent, en[`error.${code}`]);
    const before = made.find('name').focusCount;
    const seen = inGerman(made, () => ['door-title', 'door-error', 'trouble'].map((id) => made.find(id).textContent));
    assert.deepEqual(seen, [de['room.out-title'], de[`error.${code}`], de[`error.${code}`]]);
    assert.equal(made.find('name').focusCount, before);
  });
}

test('the rule that a name breaks follows the language', () => {
  const made = makePage();
  made.find('name').value = ' ';
  made.find('join-form').dispatchEvent(new Event('submit'));
  assert.equal(made.find('door-error').textContent, en['error.name-empty']);
  assert.equal(inGerman(made, () => made.find('door-error').textContent), de['error.name-empty']);
});

test('a refusal of the running room follows the language', ({ mock }) => {
  // The refusal leaves after a while.
  mock.timers.enable({ apis: ['setTimeout'] });
  const made = makePage();
  made.place.showError({ code: 'too_long' });
  assert.equal(inGerman(made, () => made.find('trouble').textContent), de['error.too_long']);
});
