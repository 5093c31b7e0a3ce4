import assert from 'node:assert/strict';
import test from 'node:test';
import { lockScreenTexts } from '../../../web/js/page/media-session.js';
import {
  Announcer, airOf, dockSentence, isPressed, listenersText, siteOf, songOf, windowTitle,
} from '../../../web/js/station/words.js';

for (const [isOnAir, state, text, tone] of [
  [true, 'live', 'On air', 'on'],
  [false, 'live', 'Off air', 'off'],
  [true, 'fallback', 'On air, with a stand-in', 'wait'],
  [true, 'silent', 'On air, silent now', 'wait'],
  [false, 'filling', 'Off air, silent', 'off'],
  [false, 'starting', 'Begins in a moment', 'wait'],
  [false, 'ended', 'Has ended', 'off'],
  [true, 'ended', 'Has ended', 'off'],
  [true, 'unknown', 'On air', 'on'],
  [false, 'unknown', 'Off air', 'off'],
]) {
  test(`a stream that is ${isOnAir ? '' : 'not '}on air in the state ${state}: “${text}”`, () => {
    assert.deepEqual(airOf({ isOnAir, state }), { text, tone });
  });
}

test('listeners and homepages have the form that people read', () => {
  assert.deepEqual([null, 0, 1, 2, 1340].map(listenersText), ['', '0 listeners', '1 listener', '2 listeners', '1,340 listeners']);
  assert.equal(siteOf('https://www.harbour.example/'), 'harbour.example');
  assert.equal(siteOf('http://a.example:8080/radio?x=1'), 'a.example:8080/radio');
});

const playing = (state, reason, sentence = '') => ({ name: 'live', label: 'Jazz', state, reason, sentence, nowPlaying: null });

for (const [chosen, sentence] of [
  [null, 'Choose a stream.'],
  [playing('playing', 'live'), 'You hear this stream.'],
  [playing('waiting', 'unreachable', 'The server is not reachable.'), 'The server is not reachable.'],
  [playing('locked', 'no-token', 'The operator can give you one.'), 'A token is needed. Open the player to enter the token.'],
  [playing('paused', 'listener'), 'Paused.'],
  [playing('ended', 'ended', 'If the stream begins again, this page will play it.'), 'The stream has ended.'],
]) {
  test(`the dock says “${sentence}”`, () => assert.equal(dockSentence(chosen), sentence));
}

test('the button of a stream is pressed until the sound is paused or refused', () => {
  const states = ['playing', 'waiting', 'locked', 'ended', 'unsupported', 'paused', 'blocked'];
  assert.deepEqual(states.map(isPressed), [true, true, true, true, true, false, false]);
});

test('the announcer says only the news, and is silent about a wait that is over in a moment', () => {
  const announcer = new Announcer();
  const said = [
    null, playing('waiting', 'connecting', 'Connecting'), playing('waiting', 'buffering', 'Buffering.'), playing('playing', 'live'),
    playing('playing', 'live'), playing('waiting', 'buffering', 'Buffering.'), playing('playing', 'live'),
    playing('waiting', 'unreachable', 'The server is not reachable.'), playing('playing', 'live'), null, null,
  ].map((state) => announcer.next(state));
  assert.deepEqual(said, [
    null, null, null, 'Jazz: You hear this stream.', null, null, null, 'Jazz: The server is not reachable.',
    'Jazz: You hear this stream.', 'Stopped.', null,
  ]);
});

test('a song stays during a wait, and goes when the stream stops or changes', () => {
  const bolero = { title: 'Bolero', artist: 'Ravel' };
  const heard = { ...playing('playing', 'live'), name: 'jazz', nowPlaying: bolero };
  const wait = { ...playing('waiting', 'buffering'), name: 'jazz', nowPlaying: null };
  const song = songOf(heard, null);
  assert.deepEqual(song, { stream: 'jazz', ...bolero });
  assert.equal(songOf(wait, song), song);
  assert.equal(songOf({ ...heard, nowPlaying: null }, song), null);
  assert.equal(songOf({ ...wait, name: 'hall' }, song), null);
  assert.equal(songOf({ ...wait, state: 'ended' }, song), null);
  assert.equal(songOf(null, song), null);
  assert.equal(songOf(wait, null), null);
});

test('the window’s title begins with the sound that is heard', () => {
  const heard = { ...playing('playing', 'live'), nowPlaying: { title: 'Bolero', artist: 'Ravel' } };
  assert.equal(windowTitle('Harbour', heard), 'Ravel – Bolero · Jazz · Harbour');
  assert.equal(windowTitle(null, playing('waiting', 'connecting')), 'Jazz · ringcast');
  assert.equal(windowTitle('Harbour', null), 'Harbour');
});

for (const [what, nowPlaying, station, texts] of [
  ['a title and an artist', { title: 'Bolero', artist: 'Ravel' }, 'Harbour', ['Bolero', 'Ravel', 'Harbour']],
  ['a station without a name', { title: 'Bolero', artist: null }, null, ['Bolero', '', 'Jazz']],
  ['an artist alone', { title: null, artist: 'Ravel' }, 'Harbour', ['Jazz', 'Ravel', 'Harbour']],
  ['no title', null, 'Harbour', ['Jazz', 'Harbour', '']],
  ['no title and no name', null, null, ['Jazz', 'ringcast', '']],
]) {
  test(`the lock screen with ${what}`, () => {
    const { title, artist, album } = lockScreenTexts(nowPlaying, { stream: 'Jazz', station });
    assert.deepEqual([title, artist, album], texts);
  });
}
