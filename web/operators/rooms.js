// The rooms of a status: their words, and the actions of an operator.

import { text } from '../js/language/texts.js';

/**
 * @typedef {object} Action
 * @property {string} label
 * @property {object} fields the content of the request: `action`, and more
 * @property {string} [question] asked before the action is done, because nobody can take the action back
 */

/** The state of a room in a line. */
export function wordsOf({ members, audience, messagesPerMinute, locked, inviteOnly, calls }) {
  return [
    text('rooms.members', { count: members }), text('figure.readers', { count: audience }),
    text('figure.rate', { count: messagesPerMinute }), ...(locked ? [text('rooms.locked')] : []),
    ...(inviteOnly ? [text('figure.invite-only')] : []), ...(calls ? [text('rooms.calls')] : []),
  ].join(', ');
}

/** @returns {Action[]} */
export const actionsOn = ({ name, locked, inviteOnly }) => [
  { label: text(locked ? 'figure.unlock' : 'figure.lock'), fields: { action: 'lock', on: !locked } },
  {
    label: text(inviteOnly ? 'figure.invite-only-off' : 'figure.invite-only-on'),
    fields: { action: 'invite_only', on: !inviteOnly },
  },
  { label: text('common.close'), fields: { action: 'close' }, question: text('figure.close-question', { name }) },
];

/** The role and the state of a member in a line. */
export function wordsOfMember({ role, muted, hand, away, talking, on_air: isOnAir, call }) {
  return [
    text(`common.${role}`), muted && text('member.muted'), hand && text('figure.hand'), away && text('member.away'),
    talking && text('member.talking'), isOnAir && text('member.on-the-air'), call && text('member.call'),
  ].filter(Boolean).join(', ');
}

/**
 * The actions on a member. Nobody can act on an operator, whose role comes from a token.
 * @returns {Action[]}
 */
export function actionsOnMember({ id, name, role, muted }) {
  if (role === 'operator') return [];
  const fields = (action, more) => ({ action, member: id, ...more });
  return [
    { label: text(muted ? 'common.unmute-microphone' : 'common.mute-microphone'), fields: fields('mute', { on: !muted }) },
    role === 'host' ? { label: text('member.make-talker'), fields: fields('role', { role: 'talker' }) }
      : { label: text('member.make-host'), fields: fields('role', { role: 'host' }) },
    { label: text('member.remove'), fields: fields('remove'), question: text('figure.remove-question', { name }) },
    { label: text('member.ban'), fields: fields('ban'), question: text('figure.ban-question', { name }) },
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
export const isRoomName = (name) => /^[a-z0-9][a-z0-9_-]{0,63}$/.test(name) && !['index', 'list', 'room'].includes(name);
