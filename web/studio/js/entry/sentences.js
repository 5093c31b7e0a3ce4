// The sentences before the desk.

const REFUSALS = {
  secret: 'This link or token does not open the studio. Ask a host of the station for a new link.',
  absent: 'This station has no studio: it runs without rooms (--rooms).',
  unreachable: 'The station does not answer. Please try again.',
};

/** @param {import('./studio-requests.js').RefusalKind} kind */
export const refusalSentence = (kind) => REFUSALS[kind];

/** @param {string} name of a stream that the person may not use, or that does not exist */
export const noStreamSentence = (name) => (name === null
  ? 'No stream takes the sound of this room, so nobody can go live with this link.'
  : `Your link is not for the stream “${name}”.`);
