// What a status means to an operator, in words.

/**
 * @typedef {object} Overview
 * @property {'well' | 'alarm' | 'ended' | 'waiting' | 'unreachable' | 'locked'} state
 * @property {string} headline
 * @property {string} sentence
 * @property {string} playing artist and title; empty where they are not known
 * @property {string} alarm what is wrong; empty where nothing is
 * @property {string} since when that began, and how long ago; empty where it is not known
 */

// The sentence is read aloud when it changes, and so tells nothing that changes all the time.
const SOURCES = {
  alsa: 'From the sound card.', file: 'From a file.', stdin: 'From a pipe.', tone: 'The built-in programme.',
};

/**
 * @param {object} status as the server has answered
 * @returns {Overview}
 */
export function overviewOf(status) {
  const { stream } = status;
  const alarm = alarmOf(status);
  const since = stream.alarm ? sinceOf(stream.alarmSince, status.now) : '';
  const playing = [status.playing.artist, status.playing.title].filter(Boolean).join(' – ');
  const overview = (state, headline, sentence) => ({ state, headline, sentence, playing, alarm, since });
  if (stream.ended) return overview('ended', 'Ended', 'The input has ended.');
  if (stream.levels.length === 0) return overview('waiting', 'Starting', 'No sound has come in yet.');
  const isWell = stream.alarm === null && status.disk.well;
  return overview(isWell ? 'well' : 'alarm', isWell ? 'On air' : 'Alarm', SOURCES[stream.source] ?? stream.source);
}

/** All that is wrong, a sentence each. */
function alarmOf({ stream, disk }) {
  const sentences = [];
  if (stream.notice) sentences.push(`${stream.notice}.`);
  if (!disk.well) sentences.push('The disk fails or is slow: listeners are served from memory.');
  return sentences.join(' ');
}

function sinceOf(date, now) {
  if (!date) return '';
  return `Since ${clock(date)}, for ${span((Date.parse(now) - Date.parse(date)) / 1000)}.`;
}

/**
 * @param {Error} error of the last question
 * @param {boolean} hasToken whether the address had a token
 * @returns {Overview}
 */
export function overviewOfFailure(error, hasToken) {
  const overview = (state, headline, sentence) => ({ state, headline, sentence, playing: '', alarm: '', since: '' });
  switch (error.status) {
    case 401:
      return overview(
        'locked', 'A token is needed',
        hasToken ? 'That token is not good, or not any more.' : 'It is set with --admin-token.');
    case 403: return overview('unreachable', 'Closed', '--admin-port or --admin-token lets operators in.');
    default:
      return overview('unreachable', 'Not reachable', 'The server does not answer. It is asked again each second.');
  }
}

/** Seconds in words, to two units: `40 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`. */
export function span(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const units = [['d', 86400, Infinity], ['h', 3600, 24], ['min', 60, 60], ['s', 1, 60]];
  const parts = units.map(([name, length, count]) => [Math.floor(whole / length) % count, name]);
  const first = parts.findIndex(([value]) => value > 0);
  if (first < 0) return '0 s';
  return parts.slice(first, first + 2).filter(([value]) => value > 0).map((part) => part.join(' ')).join(' ');
}

/** A date as the time of day where the reader is, `20:15:03`. */
export const clock = (date) => new Date(date).toLocaleTimeString('en-GB');
