import assert from 'node:assert/strict';
import test from 'node:test';
import { PictureTrack } from '../../../web/js/picture/picture-track.js';

const START = Date.parse('2026-11-29T12:00:00.000Z');
const picture = (id, seconds) => ({ id, date: new Date(START + 1000 * seconds).toISOString() });
const track = (...pictures) => {
  const made = new PictureTrack();
  made.add(pictures);
  return made;
};
const ids = (pictures) => pictures.map(({ id }) => id);

test('the picture of a date is the latest one that is not later', () => {
  const pictures = track(picture(1, 0), picture(2, 0.5), picture(3, 1));
  assert.equal(pictures.at(START - 1), null);
  assert.equal(pictures.at(START + 499).id, 1);
  assert.equal(pictures.at(START + 500).id, 2);
  assert.equal(pictures.at(START + 5000).id, 3);
});

test('a picture that nothing follows goes after five seconds', () => {
  const pictures = track(picture(1, 0));
  assert.equal(pictures.at(START + 5000).id, 1);
  assert.equal(pictures.at(START + 5001), null);
  assert.equal(pictures.msUntilNext(START + 4000), 1001);
  assert.equal(pictures.msUntilNext(START + 5001), Infinity);
});

test('the next picture is due with its sound', () => {
  assert.equal(track(picture(1, 0), picture(2, 0.5)).msUntilNext(START + 200), 300);
});

test('the pictures of the next two and a half seconds are fetched, the one to show first', () => {
  const pictures = track(...[0, 1, 2, 3, 4].map((second) => picture(second + 1, second)));
  assert.deepEqual(ids(pictures.wanted(START + 1200)), [2, 3, 4]);
  assert.deepEqual(ids(pictures.wanted(START - 1000)), [1, 2]);
  assert.deepEqual(ids(pictures.wanted(START + 60_000)), []);
});

test('a picture that is listed twice counts once, and the newest id is known', () => {
  const pictures = track(picture(1, 0), picture(2, 1));
  pictures.add([picture(2, 1), picture(3, 2)]);
  assert.deepEqual(ids(pictures.wanted(START)), [1, 2, 3]);
  assert.equal(pictures.lastID, 3);
});

test('after a rewind the earlier pictures are there, until they are forgotten or missing', () => {
  const pictures = track(picture(1, 0), picture(2, 1));
  assert.equal(pictures.at(START + 1500).id, 2);
  assert.equal(pictures.at(START + 300).id, 1);
  pictures.forgetBefore(START + 500);
  assert.equal(pictures.at(START + 600), null);
  pictures.drop(2);
  assert.equal(pictures.at(START + 1500), null);
});
