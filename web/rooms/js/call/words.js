// The sentences of the page about a call.

import { listText } from '../../../js/language/formats.js';
import { locale, text } from '../../../js/language/texts.js';

/** @typedef {import('./peer.js').PeerState} PeerState */

/** The most members of a call: each page sends its picture to each of the others. */
export const MOST_MEMBERS = 4;

/** The call as a person sees it who is not in it. @param {string[]} names of the members in the call */
export function callSentence(names) {
  if (names.length === 0) return text('call.nobody');
  const sentence = text('call.names', listed(names));
  return names.length >= MOST_MEMBERS ? `${sentence} ${text('call.full')}` : sentence;
}

const listed = (names) => ({ names: listText(names, locale()), count: names.length });

/** The state of a member in the call, as short as it fits into the tile. */
export function tileWords({ state, microphone, camera }) {
  return [
    ['connecting', 'interrupted'].includes(state) && text(`call.tile-${state}`),
    !microphone && text('member.muted'),
    !camera && text('call.tile-camera'),
  ].filter(Boolean).join(', ');
}

/** Those who came into the call and those who left it, as a sentence; '' where there are none. */
export function changeSentence(came, went) {
  const part = (names, key) => names.length > 0 && text(key, listed(names));
  return [part(came, 'call.came'), part(went, 'call.went')].filter(Boolean).join(' ');
}

/** Why the server does not let this page into the call. */
export function serverRefusal({ code, text: sentence }) {
  switch (code) {
    case 'call_full': return text('call.full-long', { count: MOST_MEMBERS });
    case 'no_calls': return text('error.no_calls');
    default: return sentence || text('call.refused');
  }
}

/** The codes of errors that can answer the wish to join a call. */
export const REFUSALS = ['call_full', 'no_calls', 'not_allowed'];
