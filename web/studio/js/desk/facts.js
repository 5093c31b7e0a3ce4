// The facts of the programme in words.

/** @param {number?} count */
export const listenersText = (count) => (count === null ? '–' : String(count));

/** The own delay from a `voices` message: from the microphone to the station's mix. @returns {number?} ms */
export const ownDelay = ({ talkers }, you) => talkers.find(({ id }) => id === you)?.delay ?? null;

export const delayText = (ms) => (ms === null ? '–' : `${Math.round(ms)} ms`);

/** @param {{phase: string, road: string}} status @param {string?} network as the room sees it */
export function lineText({ phase, road }, network) {
  if (phase !== 'joined') return 'broken';
  if (road !== 'socket') return 'no sound';
  return network ?? 'good';
}

const MUSIC = {
  duck: 'Your fallback music plays while nobody is on the air, and softly under your voice.',
  off: 'Your fallback music plays while nobody is on the air. It is silent under your voice.',
};

/**
 * The music that plays without a voice.
 * @param {{fallback?: string, underVoice?: string}} stream
 * @returns {string} empty where the server does not tell
 */
export function musicSentence({ fallback, underVoice }) {
  if (fallback === undefined) return '';
  if (fallback === 'silence') return 'The stream is silent while nobody is on the air.';
  return MUSIC[underVoice ?? 'duck'] ?? '';
}

const WARNINGS = {
  silent: 'Nothing comes from the microphone. Is a switch on it off, or is another microphone the right one?',
  clipped: 'Too loud: the sound is distorted. Move back from the microphone, or turn its volume down.',
  echo: 'Your microphone hears your loudspeaker. Please use headphones.',
  late: 'Your voice is late: the network is slow. Your listeners may hear gaps.',
  'no-road': 'No sound gets through to the station at the moment. Another network may help.',
  'muted-by-host': 'A host has muted you. Listeners do not hear you.',
  listener: 'A host has to make you a talker before you can go on the air.',
};
export const warningSentence = (warning) => WARNINGS[warning];

/** @param {string} host who asks this person onto the air */
export const requestSentence = (host) => `${host} wants to put you on the air. Press “Go live” if you agree.`;
