import assert from 'node:assert/strict';
import test from 'node:test';
import { devicesOf, nextDevice } from '../../../../web/rooms/js/call/devices.js';
import { obstacleOf, refusalOf } from '../../../../web/rooms/js/call/refusals.js';
import { checkedChoices } from '../../../../web/rooms/js/call/remembered-devices.js';
import { callSentence, changeSentence, serverRefusal, tileWords } from '../../../../web/rooms/js/call/words.js';

const BROWSER = { hasPeerConnection: true, hasMediaDevices: true, isSecureContext: true, secureOrigin: 'https://radio.example:8443' };

for (const [what, missing, isFinal, words] of [
  ['no WebRTC', { hasPeerConnection: false }, true, /no WebRTC.*Firefox/],
  ['no https', { isSecureContext: false, hasMediaDevices: false }, false, /without https.*https:\/\/radio\.example:8443/],
  ['no devices', { hasMediaDevices: false }, false, /gives no microphone/],
]) {
  test(`a browser with ${what} is told so`, () => {
    const obstacle = obstacleOf({ ...BROWSER, ...missing });
    assert.equal(obstacle.isFinal, isFinal);
    assert.match(`${obstacle.sentence} ${obstacle.advice}`, words);
  });
}

test('a browser that has everything meets no obstacle', () => assert.equal(obstacleOf(BROWSER), null));

test('each error of getUserMedia has its own sentence, and advice', () => {
  const errors = [
    'NotAllowedError', 'SecurityError', 'NotFoundError', 'OverconstrainedError', 'NotReadableError', 'TypeError',
  ].map((name) => ({ name }));
  errors.push({ name: 'NotAllowedError', message: 'Permission denied by system' });
  for (const kind of ['microphone', 'camera']) {
    const refusals = errors.map((error) => refusalOf(error, kind));
    assert.equal(new Set(refusals.map(({ sentence }) => sentence)).size, errors.length);
    for (const { sentence, advice } of refusals) {
      assert.match(sentence, new RegExp(`${kind}.*\\.$`));
      assert.match(advice, /\.$/);
    }
  }
});

test('devices without an id are left out, and each other device has a label', () => {
  const infos = [
    { kind: 'audioinput', deviceId: '', label: '' }, { kind: 'audioinput', deviceId: 'a', label: 'Desk' },
    { kind: 'audiooutput', deviceId: 'o', label: 'Speaker' }, { kind: 'audioinput', deviceId: 'b', label: '' },
  ];
  assert.deepEqual(devicesOf(infos, 'microphone'), [{ id: 'a', label: 'Desk' }, { id: 'b', label: 'Microphone 2' }]);
  assert.deepEqual(devicesOf(infos, 'camera'), []);
});

test('the next device is another one', () => {
  const devices = [{ id: 'a' }, { id: 'b' }];
  assert.equal(nextDevice(devices, new Set(['a'])).id, 'b');
  assert.equal(nextDevice(devices, new Set(['gone'])).id, 'a');
  assert.equal(nextDevice([{ id: 'a' }], new Set(['a'])), null);
});

test('the choice of the last visit is checked', () => {
  const none = { id: null, isOn: true };
  assert.deepEqual(checkedChoices(null), { microphone: none, camera: none });
  assert.deepEqual(checkedChoices({ microphone: { id: 7, isOn: 'x' }, camera: { id: 'c', isOn: false } }),
    { microphone: none, camera: { id: 'c', isOn: false } });
});

for (const [names, sentence] of [
  [[], 'Nobody is in the call.'], [['Ada'], 'Ada is in the call.'], [['Ada', 'Bob'], 'Ada and Bob are in the call.'],
  [['A', 'B', 'C', 'D'], 'A, B, C and D are in the call. The call is full.'],
]) test(sentence, () => assert.equal(callSentence(names), sentence));

test('a tile says what cannot be heard or seen', () => {
  const well = { state: 'connected', microphone: true, camera: true };
  assert.equal(tileWords(well), '');
  assert.equal(tileWords({ ...well, microphone: false, camera: false }), 'muted, camera off');
  assert.match(tileWords({ ...well, state: 'interrupted' }), /^interrupted/);
  assert.match(tileWords({ ...well, state: 'connecting', microphone: false }), /^connecting.*, muted$/);
});

test('the page says who came and who went', () => {
  assert.equal(changeSentence(['Ada', 'Bob'], ['Cy']), 'Ada and Bob joined the call. Cy left the call.');
  assert.equal(changeSentence([], []), '');
});

test('the page says why the server lets it not into the call', () => {
  const sentences = ['call_full', 'no_calls', 'not_allowed'].map((code) => serverRefusal({ code, text: 'Your role.' }));
  assert.match(sentences[0], /4 members/);
  assert.equal(sentences[2], 'Your role.');
  assert.equal(new Set(sentences).size, 3);
});
