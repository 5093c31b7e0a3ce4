// The sentences of the page about a call.

/** @typedef {import('./peer.js').PeerState} PeerState */

/** The most members of a call: each page sends its picture to each of the others. */
export const MOST_MEMBERS = 4;

const joined = (names) =>
  (names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`);

/** The call as a person sees it who is not in it. @param {string[]} names of the members in the call */
export function callSentence(names) {
  if (names.length === 0) return 'Nobody is in the call.';
  const verb = names.length === 1 ? 'is' : 'are';
  const rest = names.length >= MOST_MEMBERS ? ' The call is full.' : '';
  return `${joined(names)} ${verb} in the call.${rest}`;
}

/** The state of a member in the call, as short as it fits into the tile. */
export function tileWords({ state, microphone, camera }) {
  return [
    { connecting: 'connecting …', interrupted: 'interrupted, looking for another way …' }[state],
    !microphone && 'muted',
    !camera && 'camera off',
  ].filter(Boolean).join(', ');
}

/** Those who came into the call and those who left it, as a sentence; '' where there are none. */
export function changeSentence(came, went) {
  const part = (names, what) => names.length > 0 && `${joined(names)} ${what} the call.`;
  return [part(came, 'joined'), part(went, 'left')].filter(Boolean).join(' ');
}

/** Why the server does not let this page into the call. */
export function serverRefusal({ code, text }) {
  switch (code) {
    case 'call_full': return `The call is full. ${MOST_MEMBERS} members can be in it. Try again when somebody has left.`;
    case 'no_calls': return 'This room has no calls.';
    default: return text || 'The server does not let you into the call.';
  }
}

/** The codes of errors that can answer the wish to join a call. */
export const REFUSALS = ['call_full', 'no_calls', 'not_allowed'];
