// The actions on a member: by everybody, and by a host.

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
  const words = [role, ...stateWords({ ...member, role: 'talker', network: null })].join(', ');
  const facts = make('p', { class: 'facts-line' }, `${words}. Here since ${timeOfDay(since)}.`
    + (network ? ` The network is ${network}.` : ''));
  const act = (label, action, more) => sheet.button(label, () => host(action, { member: id, ...more }));
  const ask = (label, question, action) =>
    sheet.dangerButton(label, question, () => host(action, { member: id }));
  const buttons = [
    isYou
      ? make('button', { type: 'button', onclick: onRename }, 'Change your name') : sheet.button('Mention', onMention),
  ];
  if (isHost && isSource && !isYou && role !== 'listener') buttons.push(...airButtons(member, ridesGain, act));
  // An operator's role comes from a token, so nobody can take it away.
  if (isHost && !isYou && role !== 'operator') {
    buttons.push(
      // A member who is silent by the own will can be muted, too.
      act('Mute', 'mute', { on: true }),
      ...(muted ? [act('Let speak again', 'mute', { on: false })] : []),
      ...(hand ? [act('Lower the hand', 'lower_hand')] : []),
      ...ROLES.filter((other) => other !== role).map((other) => act(`Make ${other}`, 'role', { role: other })),
      ask('Remove', `Remove ${name} from the room?`, 'remove'),
      ask('Ban', `Ban ${name} from the room, for as long as the room exists?`, 'ban'));
  }
  sheet.open(isYou ? `${name} (you)` : name, facts, make('div', { class: 'actions' }, ...buttons));
}

/** On the air and off, and the gain that the mixer rides. */
function airButtons({ on_air: isOnAir, agreed }, ridesGain, act) {
  const ask = agreed ? 'Put on the air' : 'Ask to be on the air';
  return [
    isOnAir ? act('Take off the air', 'air', { on: false }) : act(ask, 'air', { on: true }),
    act(ridesGain ? 'Keep the level as it is' : 'Even out the level', 'gain', { on: !ridesGain }),
  ];
}
