// Sentences about events in the room.

/** Each error code with its sentence. A code that is not here has the server's own sentence. */
const ERRORS = {
  too_long: () => 'This message is too long for this room.',
  too_fast: () => 'You are sending faster than this room allows. Please wait a moment.',
  not_admitted: () => 'This room is by invitation only. Ask a host for a link.',
  wrong_token: () => 'This token is not valid.',
  expired_invite: () => 'This invitation has expired. Ask a host for a new link.',
  forged_invite: () => 'This invitation is not valid. Perhaps the link was cut off when it was copied.',
  banned: () => 'A host has banned you from this room.',
  removed: ({ text }) => `A host has removed you from this room${text ? `: ${text}` : '.'}`,
  locked: () => 'This room is locked: nobody new comes in at the moment.',
  full: () => 'This room is full.',
  too_many_rooms: () => 'This station has as many rooms as it allows. Please try again later.',
  name_taken: ({ suggestion }) =>
    `Somebody in this room already has this name.${suggestion ? ` How about ${suggestion}?` : ''}`,
  bad_name: ({ text }) => text ?? 'This name cannot be used here.',
  not_allowed: ({ text }) => text ?? 'You may not do this in this room.',
  no_such_member: () => 'This member has already left.',
  no_such_message: () => 'This message is no longer there.',
  no_such_poll: () => 'This poll has already ended.',
  no_calls: () => 'This room has no calls.',
  call_full: () => 'The call is full.',
  closed: () => 'A host has closed this room.',
  elsewhere: () => 'You are in this room in another tab or window.',
};

/** @param {{code: string, text?: string, suggestion?: string}} error @returns {string} */
export const errorSentence = (error) => (Object.hasOwn(ERRORS, error.code)
  ? ERRORS[error.code](error) : error.text ?? 'The server did not accept this.');

/**
 * The state of the connection, where it is of use to know.
 * @param {{phase: string, road: string, error: object?}} status
 * @returns {string} empty where all is well
 */
export function connectionSentence({ phase, road, error }) {
  if (phase === 'joining') return 'The server does not answer. Trying again…';
  if (phase === 'rejoining') return 'The connection is lost. Trying again…';
  if (phase === 'ended') return errorSentence(error);
  if (phase === 'joined' && road === 'polling') return 'This network holds messages back, so they may come late.';
  return '';
}

const ROADS = {
  socket: 'WebSocket', events: 'event stream, because this network refuses WebSockets',
  polling: 'repeated requests, because this network refuses WebSockets and event streams',
};
/** The name of a road for the people who look for it. */
export const roadName = (road) => ROADS[road];

const plural = (count, one, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;
export const memberCount = (count) => plural(count, 'member');
export const listenerCount = (count) => plural(count, 'listener');
export const voteCount = (count) => plural(count, 'vote');

/** Names as a list: `Ann`, `Ann and Bob`, `Ann, Bob and 2 others`. */
export function nameList(names) {
  if (names.length <= 2) return names.join(' and ');
  if (names.length === 3) return `${names[0]}, ${names[1]} and ${names[2]}`;
  return `${names[0]}, ${names[1]} and ${names.length - 2} others`;
}

/** The members that are typing, in words. */
export const typingSentence = (names) =>
  (names.length === 0 ? '' : `${nameList(names)} ${names.length === 1 ? 'is' : 'are'} typing…`);

const STAMPS = ['type', 'id', 'time', 'stream', 'sample', 'date'];
/** A score in words: its text, or else all that the program that keeps the score has said. */
export const scoreText = ({ text, ...fields }) => text ?? Object.entries(fields)
  .filter(([name]) => !STAMPS.includes(name))
  .map(([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : value}`).join(', ');

/** The states of a member in words, for the people who do not see the symbols. */
export function stateWords({ role, muted, hand, away, talking, on_air: isOnAir, call, network }) {
  return [
    role !== 'listener' && role !== 'talker' && role, isOnAir && 'on air', talking && 'talking', hand && 'hand raised',
    muted && 'muted', call && 'in the call', away && 'away', network === 'poor' && 'poor network',
  ].filter(Boolean);
}

/** The title of the window. */
export const windowTitle = (room, unread) => `${unread > 0 ? `(${unread}) ` : ''}${room} · ringcast`;
