// The guests: the others in the room who may talk, and those who raise a hand.

import { text } from '../../../js/language/texts.js';

/**
 * @typedef {object} Guest
 * @property {number} id
 * @property {string} name
 * @property {string} words the state of the guest
 * @property {boolean} isOnAir
 * @property {boolean} isTalking
 * @property {{label: string, message: object}} action what this page's host can do with one press
 */

/**
 * @param {object[]} members in the order of the list
 * @param {number} you
 * @param {Set<number>} asked the members whom this page has asked onto the air
 * @returns {Guest[]}
 */
export const guestsOf = (members, you, asked) => members
  .filter(({ id, role, hand }) => id !== you && (role !== 'listener' || hand))
  .map((member) => ({
    id: member.id, name: member.name, words: wordsOf(member, asked), isOnAir: member.on_air === true,
    isTalking: member.talking === true, action: actionOn(member, asked),
  }));

function wordsOf({ id, role, hand, muted, on_air: isOnAir, agreed, away }, asked) {
  return [
    placeWord(isOnAir, asked.has(id) && !agreed, role),
    hand && text('member.hand'), muted && text('member.muted'), away && text('member.away'),
  ].filter(Boolean).join(', ');
}

function placeWord(isOnAir, isAsked, role) {
  if (isOnAir) return text('member.on-the-air');
  if (isAsked) return text('studio.guest-asked');
  return role === 'listener' ? text('studio.guest-listens') : '';
}

function actionOn({ id, role, on_air: isOnAir, agreed }, asked) {
  const host = (action, more) => ({ type: 'host', action, member: id, ...more });
  if (role === 'listener') return { label: text('studio.let-talk'), message: host('role', { role: 'talker' }) };
  if (isOnAir) return { label: text('studio.take-off'), message: host('air', { on: false }) };
  if (asked.has(id) && !agreed) return { label: text('studio.take-back'), message: host('air', { on: false }) };
  return { label: text('member.air'), message: host('air', { on: true }) };
}

/** The members who were asked onto the air and have not answered yet, after a change. */
export const stillAsked = (asked, members) => new Set([...asked].filter((id) => {
  const member = members.get(id);
  return member !== undefined && !member.on_air;
}));
