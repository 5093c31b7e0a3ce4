// The rooms of a status: their words, and the actions of an operator.

/**
 * @typedef {object} Action
 * @property {string} label
 * @property {object} fields the content of the request: `action`, and more
 * @property {string} [question] asked before the action is done, because nobody can take the action back
 */

const count = (number, noun) => `${number} ${noun}${number === 1 ? '' : 's'}`;

/** The state of a room in a line. */
export function wordsOf({ members, audience, messagesPerMinute, locked, inviteOnly, calls }) {
  return [
    count(members, 'member'), count(audience, 'reader'), `${count(messagesPerMinute, 'message')} a minute`,
    ...(locked ? ['locked'] : []), ...(inviteOnly ? ['by invite only'] : []), ...(calls ? ['with calls'] : []),
  ].join(', ');
}

/** @returns {Action[]} */
export const actionsOn = ({ name, locked, inviteOnly }) => [
  { label: locked ? 'Unlock' : 'Lock', fields: { action: 'lock', on: !locked } },
  { label: inviteOnly ? 'End invite only' : 'Invite only', fields: { action: 'invite_only', on: !inviteOnly } },
  { label: 'Close', fields: { action: 'close' }, question: `Close ${name}?` },
];

/** The role and the state of a member in a line. */
export function wordsOfMember({ role, muted, hand, away, talking, on_air: isOnAir, call }) {
  return [
    role, ...(muted ? ['muted'] : []), ...(hand ? ['hand up'] : []), ...(away ? ['away'] : []),
    ...(talking ? ['talking'] : []), ...(isOnAir ? ['on the air'] : []), ...(call ? ['in the call'] : []),
  ].join(', ');
}

/**
 * The actions on a member. Nobody can act on an operator, whose role comes from a token.
 * @returns {Action[]}
 */
export function actionsOnMember({ id, name, role, muted }) {
  if (role === 'operator') return [];
  const fields = (action, more) => ({ action, member: id, ...more });
  return [
    { label: muted ? 'Unmute' : 'Mute', fields: fields('mute', { on: !muted }) },
    role === 'host' ? { label: 'Make talker', fields: fields('role', { role: 'talker' }) }
      : { label: 'Make host', fields: fields('role', { role: 'host' }) },
    { label: 'Remove', fields: fields('remove'), question: `Remove ${name}?` },
    { label: 'Ban', fields: fields('ban'), question: `Ban ${name}?` },
  ];
}

/**
 * The whole URL of an invite. Where the operators have a port of their own, guests use the listeners' port.
 * @param {string} path of the room's page, with the invite
 * @param {{port: number, operators: {connections: number?}}} status
 * @param {URL | Location} location of the operators' page
 */
export function linkOf(path, { port, operators }, location) {
  const url = new URL(path, location.href);
  if (operators.connections !== null) url.port = String(port);
  return url.href;
}

/** Whether a text is the name of a room. */
export const isRoomName = (text) => /^[a-z0-9][a-z0-9_-]{0,63}$/.test(text) && !['index', 'list', 'room'].includes(text);
