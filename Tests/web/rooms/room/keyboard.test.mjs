import assert from 'node:assert/strict';
import test from 'node:test';
import { actionOf } from '../../../../web/rooms/js/room/keyboard.js';

const PAGE = { tagName: 'BODY', isInDialog: false, isComposer: false };
const COMPOSER = { tagName: 'TEXTAREA', isInDialog: false, isComposer: true };

for (const [key, focus, action] of [
  ['/', PAGE, 'write'], ['Escape', PAGE, 'write'], ['h', PAGE, 'hand'], ['M', PAGE, 'mute'], ['x', PAGE, undefined],
  ['h', COMPOSER, undefined], ['/', COMPOSER, undefined], ['Escape', COMPOSER, 'leave-text'],
  ['m', { ...PAGE, tagName: 'BUTTON' }, 'mute'], ['m', { ...PAGE, tagName: 'INPUT' }, undefined],
  ['m', { ...PAGE, tagName: 'SELECT' }, undefined], ['Escape', { ...PAGE, isInDialog: true }, undefined],
]) {
  test(`${key} in ${focus.tagName}${focus.isInDialog ? ' of a dialog' : ''}: ${action}`, () => {
    assert.equal(actionOf(key, focus), action);
  });
}
