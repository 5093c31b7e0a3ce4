// Sentences about events in the room.

import { listText } from '../../../js/language/formats.js';
import { hasText, locale, text } from '../../../js/language/texts.js';

/** The texts of errors that have more than a code. A code without a text has the server's own sentence. */
const ERRORS = {
  removed: ({ text: reason }) => (reason ? text('error.removed-because', { text: reason }) : text('error.removed')),
  name_taken: ({ suggestion }) => [
    text('error.name_taken'), suggestion && text('error.name_taken-suggestion', { suggestion }),
  ].filter(Boolean).join(' '),
  bad_name: ({ text: sentence }) => sentence ?? text('error.bad_name'),
  not_allowed: ({ text: sentence }) => sentence ?? text('error.not_allowed'),
};
/** A code of the server, so that no other key of the texts is one. */
const CODE = /^[a-z_]+$/;

/** @param {{code: string, text?: string, suggestion?: string}} error @returns {string} */
export function errorSentence(error) {
  if (Object.hasOwn(ERRORS, error.code)) return ERRORS[error.code](error);
  const key = `error.${error.code}`;
  return CODE.test(error.code) && hasText(key) ? text(key) : error.text ?? text('error.other');
}

/**
 * The state of the connection, where it is of use to know.
 * @param {{phase: string, road: string, error: object?}} status
 * @returns {string} empty where all is well
 */
export function connectionSentence({ phase, road, error }) {
  if (phase === 'joining') return text('error.joining');
  if (phase === 'rejoining') return text('error.rejoining');
  if (phase === 'ended') return errorSentence(error);
  if (phase === 'joined' && road === 'polling') return text('error.polling');
  return '';
}

/** The road for the people who look for it. */
export const roadSentence = (road) => text(`error.road-${road}`);

/** A member has come or gone. @param {{verb: 'joined' | 'left', name: string}} note */
export const noteSentence = ({ verb, name }) => text(`room.${verb}`, { name });

export const memberCount = (count) => text('rooms.members', { count });
export const listenerCount = (count) => text('common.listeners', { count });
export const voteCount = (count) => text('room.votes', { count });

/** Names as a list: `Ann`, `Ann and Bob`, `Ann, Bob and 2 others`. */
export function nameList(names) {
  if (names.length <= 3) return listText(names, locale());
  return text('room.names-others', { first: names[0], second: names[1], count: names.length - 2 });
}

/** The members that are typing, in words. */
export const typingSentence = (names) =>
  (names.length === 0 ? '' : text('room.typing', { names: nameList(names), count: names.length }));

const STAMPS = ['type', 'id', 'time', 'stream', 'sample', 'date'];
/** A score in words: its text, or else all that the program that keeps the score has said. */
export const scoreText = ({ text: words, ...fields }) => words ?? Object.entries(fields)
  .filter(([name]) => !STAMPS.includes(name))
  .map(([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : value}`).join(', ');

/** The states of a member in words, for the people who do not see the symbols. */
export function stateWords({ role, muted, hand, away, talking, on_air: isOnAir, call, network }) {
  return [
    role !== 'listener' && role !== 'talker' && text(`common.${role}`), isOnAir && text('member.on-air'),
    talking && text('member.talking'), hand && text('member.hand'), muted && text('member.muted'),
    call && text('member.call'), away && text('member.away'), network === 'poor' && text('member.poor'),
  ].filter(Boolean);
}

/** The title of the window. */
export const windowTitle = (room, unread) => `${unread > 0 ? `(${unread}) ` : ''}${room} · ringcast`;
