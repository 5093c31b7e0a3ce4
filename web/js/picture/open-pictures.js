// The pictures of the stream in the player's page: each is shown when its sound is heard.

import { HeardDate } from '../room/heard-date.js';
import { followPictures } from './picture-feed.js';
import { PictureStore } from './picture-store.js';
import { PictureTrack } from './picture-track.js';

/** Pictures are kept for this long after the sound has left the window, ms: the window moves in steps. */
const MEMORY_MS = 30_000;

/** The date of the oldest sound that the listener can go back to, ms since 1970. @param {number} date that is heard */
const windowStart = (date, { windowSeconds, behindEdgeSeconds }) =>
  date - 1000 * Math.max(0, (windowSeconds ?? 0) - (behindEdgeSeconds ?? 0));

/**
 * @param {HTMLElement} section hidden while there is no picture
 * @param {object} parts
 * @param {import('../playback/player.js').Player} parts.player
 * @param {{pictures: (after: number) => string, picture: (id: number) => string}} parts.stream the addresses of the list
 *   and of a picture
 * @param {EventTarget} parts.ticker
 */
export function openPictures(section, { player, stream, ticker }) {
  const canvas = section.querySelector('canvas');
  const context = canvas.getContext('2d');
  const track = new PictureTrack();
  const store = new PictureStore(stream.picture);
  let date = null;

  const show = () => {
    const picture = date === null ? null : track.at(date);
    if (picture === null) {
      section.hidden = true;
      return;
    }
    const bitmap = store.get(picture.id);
    // A picture that has not come yet leaves the one before in its place.
    if (bitmap === null || canvas.dataset.id === String(picture.id) && !section.hidden) return;
    [canvas.width, canvas.height] = [bitmap.width, bitmap.height];
    context.drawImage(bitmap, 0, 0);
    canvas.dataset.id = picture.id;
    section.hidden = false;
  };
  const look = () => {
    // Sound that is missing comes first.
    if (!player.monitor.isSounding) store.stop();
    else if (date !== null && !document.hidden) store.want(track.wanted(date));
    show();
  };
  const follower = {
    onMessages() {},
    get msUntilNext() { return date === null ? Infinity : track.msUntilNext(date); },
    moveTo(heard) {
      date = heard;
      if (date !== null) track.forgetBefore(windowStart(date, player) - MEMORY_MS);
      look();
    },
  };
  store.onPicture = look;
  store.onMissing = (id) => track.drop(id);
  new HeardDate(player, ticker).follow(follower);
  followPictures(stream.pictures, {
    after: () => track.lastID,
    isWanted: () => player.monitor.isSounding && !document.hidden,
    onPictures(pictures) {
      track.add(pictures);
      follower.onMessages();
    },
  });
}
