import assert from 'node:assert/strict';
import test from 'node:test';
import { embedSnippet, isOfThisMachine, shareAddress, shownAddress } from '../../../web/js/page/elsewhere.js';
import { isBesideStation, namesOf } from '../../../web/js/page/names.js';
import { documentTitle } from '../../../web/js/page/text.js';

for (const [what, head, name, expected] of [
  ['a page without names', {}, 'live', ['live', null, false]],
  ['a station that nobody has named', { title: 'ringcast', site: 'ringcast' }, 'live', ['live', null, false]],
  ['one of several streams without titles', { title: 'hall', site: 'ringcast' }, 'hall', ['hall', null, false]],
  ['a stream with a title', { title: 'Jazz', site: 'Harbour' }, 'hall', ['Jazz', 'Harbour', true]],
  ['the only stream of a station', { title: 'Harbour', site: 'Harbour' }, 'live', ['Harbour', 'Harbour', true]],
]) {
  test(`the names of ${what}`, () => {
    const { stream, station, isTitled } = namesOf(head, name);
    assert.deepEqual([stream, station, isTitled], expected);
  });
}

test('the window’s title names the sound, the stream and the station, each once', () => {
  const playing = { title: 'Bolero', artist: 'Ravel' };
  assert.equal(documentTitle(playing, 'Jazz', 'Harbour'), 'Ravel – Bolero · Jazz · Harbour');
  assert.equal(documentTitle(null, 'Harbour', 'Harbour'), 'Harbour');
  assert.equal(documentTitle(null, 'live', null), 'live · ringcast');
});

test('a stream’s own address is beside the station’s page, and / is not', () => {
  const beside = (path, name) => isBesideStation(new URL(path, 'https://radio.example'), name);
  assert.deepEqual(
    [beside('/hall', 'hall'), beside('/a/hall', 'hall'), beside('/?stream=hall', 'hall'), beside('/', 'live'),
      beside('/hallo', 'hall')],
    [true, true, true, false, false]);
});

test('a link for other people has neither the token nor the choices of the listener', () => {
  const share = (path) => shareAddress(new URL(path, 'https://radio.example'));
  assert.equal(share('/hall?token=secret&latency=live#x'), 'https://radio.example/hall');
  assert.equal(share('/?stream=hall&token=secret'), 'https://radio.example/?stream=hall');
  assert.equal(shownAddress('https://radio.example:8443/live.m3u8?token=secret'), 'radio.example:8443/live.m3u8');
});

test('the snippet for another page holds names as text', () => {
  assert.equal(
    embedSnippet('https://radio.example/?stream=a', '"><script>alert(1)</script>&'),
    '<iframe src="https://radio.example/?stream=a" title="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;" '
      + 'width="100%" height="560" allow="autoplay"></iframe>');
});

test('the addresses of the machine itself are told from those that others can use', () => {
  for (const name of ['localhost', '127.0.0.1', '127.1.2.3', '[::1]']) assert.ok(isOfThisMachine(name), name);
  for (const name of ['radio.example', '192.168.1.7', 'localhost.example', '[2001:db8::1]', '127.example']) {
    assert.ok(!isOfThisMachine(name), name);
  }
});
