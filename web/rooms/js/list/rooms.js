// The list of rooms in words.

import { listenerCount, memberCount } from '../text/sentences.js';

/** @typedef {{name: string, members: number, audience: number, locked: boolean, calls: boolean}} RoomSummary */

/** @param {RoomSummary[]} rooms @returns {RoomSummary[]} the rooms with the most members first */
export const inOrder = (rooms) =>
  [...rooms].sort((one, other) => other.members - one.members || one.name.localeCompare(other.name));

/** @param {RoomSummary[]} rooms */
export function headline(rooms) {
  if (rooms.length === 0) return 'No room is open';
  return rooms.length === 1 ? '1 open room' : `${rooms.length} open rooms`;
}

/** @param {RoomSummary} room */
export const roomFacts = ({ members, audience, locked, calls }) => [
  memberCount(members), audience > 0 && listenerCount(audience), locked && 'locked', calls && 'with calls',
].filter(Boolean).join(' · ');
