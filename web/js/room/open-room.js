// Opens the room of the stream beside the player.

import { roomURLs } from '../../rooms/js/road/room-urls.js';
import { HeardDate } from './heard-date.js';
import { loadStyles, makeRoomPanel } from './room-panel.js';
import { StreamRoom } from './stream-room.js';

const STYLES = ['rooms/chat.css', 'rooms/beside.css'];

/**
 * @param {HTMLElement} section takes the room
 * @param {object} parts
 * @param {import('../playback/player.js').Player} parts.player
 * @param {string} parts.room its name
 * @param {string?} parts.token of the listener
 * @param {EventTarget} parts.ticker its `tick` events look again at the playhead
 */
export async function openRoom(section, { player, room, token, ticker }) {
  const urls = roomURLs(room, new URL('rooms/', document.baseURI));
  const panel = makeRoomPanel(urls.page);
  await loadStyles(STYLES);
  section.replaceChildren(...panel.all);
  const streamRoom = new StreamRoom(panel, urls, { name: room, token });
  new HeardDate(player, ticker).follow(streamRoom);
  streamRoom.start();
}
