// The actions on a member: by everybody, and by a host.

import { text } from '../../../js/language/texts.js';
import { make } from '../chat/elements.js';
import { stateWords } from '../text/sentences.js';
import { timeOfDay } from '../text/times.js';

const ROLES = ['listener', 'talker', 'host'];

/**
 * @param {import('./sheet.js').Sheet} sheet
 * @param {object} member
 * @param {{isYou: boolean, isHost: boolean, isSource: boolean, ridesGain: boolean, host: (action: string, more?: object) => void, onMention: () => void,
 *   onRename: () => void}} options `host` sends an action of a host. `isSource`: the room is the source of a stream. `ridesGain`:
 *   the mixer evens out the level of the member
 */
export function openMemberSheet(sheet, member, { isYou, isHost, isSource, ridesGain, host, onMention, onRename }) {
  const { id, name, role, muted, hand, network, since } = member;
  const words = [text(`common.${role}`), ...stateWords({ ...member, role: 'talker', network: null })].join(', ');
  const facts = make('p', { class: 'facts-line' }, `${words}. ${text('member.since', { time: timeOfDay(since) })}`
    + (network ? ` ${text('member.network', { quality: text(`member.network-${network}`) })}` : ''));
  const act = (label, action, more) => sheet.button(label, () => host(action, { member: id, ...more }));
  const ask = (label, question, action) =>
    sheet.dangerButton(label, question, () => host(action, { member: id }));
  const buttons = [
    isYou
      ? make('button', { type: 'button', onclick: onRename, 'data-text': 'common.change-name' })
      : sheet.button(text('member.mention'), onMention),
  ];
  if (isHost && isSource && !isYou && role !== 'listener') buttons.push(...airButtons(member, ridesGain, act));
  // An operator's role comes from a token, so nobody can take it away.
  if (isHost && !isYou && role !== 'operator') {
    buttons.push(
      // A member who is silent by the own will can be muted, too.
      act(text('member.mute'), 'mute', { on: true }),
      ...(muted ? [act(text('member.unmute'), 'mute', { on: false })] : []),
      ...(hand ? [act(text('member.lower-hand'), 'lower_hand')] : []),
      ...ROLES.filter((other) => other !== role).map((other) => act(text(`member.make-${other}`), 'role', { role: other })),
      ask(text('member.remove'), text('member.remove-question', { name }), 'remove'),
      ask(text('member.ban'), text('member.ban-question', { name }), 'ban'));
  }
  sheet.open(isYou ? text('common.you', { name }) : name, facts, make('div', { class: 'actions' }, ...buttons));
}

/** On the air and off, and the gain that the mixer rides. */
function airButtons({ on_air: isOnAir, agreed }, ridesGain, act) {
  const ask = text(agreed ? 'member.air' : 'member.air-ask');
  return [
    isOnAir ? act(text('member.air-off'), 'air', { on: false }) : act(ask, 'air', { on: true }),
    act(text(ridesGain ? 'member.gain-off' : 'member.gain-on'), 'gain', { on: !ridesGain }),
  ];
}
