// The list of rooms in words.

import { text } from '../../../js/language/texts.js';
import { listenerCount, memberCount } from '../text/sentences.js';

/** @typedef {{name: string, members: number, audience: number, locked: boolean, calls: boolean}} RoomSummary */

/** @param {RoomSummary[]} rooms @returns {RoomSummary[]} the rooms with the most members first */
export const inOrder = (rooms) =>
  [...rooms].sort((one, other) => other.members - one.members || one.name.localeCompare(other.name));

/** @param {RoomSummary[]} rooms */
export function headline(rooms) {
  return rooms.length === 0 ? text('rooms.none') : text('rooms.count', { count: rooms.length });
}

/** @param {RoomSummary} room */
export const roomFacts = ({ members, audience, locked, calls }) => [
  memberCount(members), audience > 0 && listenerCount(audience), locked && text('rooms.locked'),
  calls && text('rooms.calls'),
].filter(Boolean).join(' · ');
