import assert from 'node:assert/strict';
import test from 'node:test';
import de from '../../../../web/js/language/de.js';
import en from '../../../../web/js/language/en.js';
import { speak } from '../../../../web/js/language/texts.js';

/** As much of an element as the own picture needs. */
const element = () => Object.assign(new EventTarget(), {
  dataset: {}, attributes: {}, textContent: '', hidden: false, value: '', srcObject: null,
  setAttribute(name, value) { this.attributes[name] = value; },
  getAttribute(name) { return this.attributes[name] ?? null; },
  append() {}, replaceChildren() {}, play: async () => {}, getContext: () => null,
});
globalThis.document = { createElement: element };
globalThis.MediaStream = class {
  constructor(tracks) { this.getVideoTracks = () => tracks; }
};
const { OwnPicture } = await import('../../../../web/studio/js/picture/own-picture.js');

/** A studio with one camera. */
function studio(t) {
  const track = Object.assign(new EventTarget(), {
    isStopped: false, stop() { this.isStopped = true; }, getSettings: () => ({ deviceId: 'one' }),
  });
  const mediaDevices = Object.assign(new EventTarget(), {
    getUserMedia: async () => ({ getTracks: () => [track] }),
    enumerateDevices: async () => [{ kind: 'videoinput', deviceId: 'one', label: 'Camera' }],
  });
  Object.defineProperty(globalThis, 'navigator', { value: { mediaDevices, languages: ['en'] }, configurable: true });
  const elements = {};
  const find = (id) => elements[id] ??= element();
  const sent = [];
  const picture = new OwnPicture(find, { send: (message) => sent.push(message), waitingBytes: 0 }, { otherBytes: 0 });
  t.after(() => speak('en', en));
  return {
    picture, sent, track, button: find('camera'), said: () => find('camera-said').textContent,
    async press() {
      find('camera').dispatchEvent(new Event('click'));
      for (let i = 0; i < 50; i++) await null;
    },
  };
}
const show = (on) => ({ type: 'show', on });

test('the person agrees while the camera is on and the page is on the air, and no longer than that', async (t) => {
  const { picture, sent, press, track } = studio(t);
  await press();
  assert.deepEqual(sent, []);
  picture.follow(true);
  assert.deepEqual(sent, [show(true)]);
  await press();
  assert.deepEqual(sent, [show(true), show(false)]);
  assert.equal(track.isStopped, true);
});

test('on each road the page says again that the person agrees', async (t) => {
  const { picture, sent, press } = studio(t);
  picture.enter();
  assert.deepEqual(sent, []);
  await press();
  picture.follow(true);
  picture.enter();
  assert.deepEqual(sent, [show(true), show(true)]);
});

test('the page says whom the listeners see', async (t) => {
  const { picture, press, said } = studio(t);
  assert.equal(said(), en['picture.off']);
  await press();
  picture.follow(true);
  assert.equal(said(), en['picture.ready']);
  picture.noteSeen('other');
  assert.equal(said(), en['picture.other']);
  picture.noteSeen('this');
  assert.equal(said(), en['picture.shown']);
  picture.follow(false);
  assert.equal(said(), en['picture.ready']);
});

test('after a change of the language the button and the sentence are true', async (t) => {
  const { picture, press, button, said } = studio(t);
  await press();
  picture.follow(true);
  picture.noteSeen('this');
  assert.equal(button.textContent, en['picture.hide']);
  speak('de', de);
  picture.show();
  assert.deepEqual([button.textContent, said()], [de['picture.hide'], de['picture.shown']]);
});

test('out of the room, the camera is off', async (t) => {
  const { picture, press, track, said } = studio(t);
  await press();
  picture.close();
  assert.deepEqual([track.isStopped, said()], [true, en['picture.off']]);
});
