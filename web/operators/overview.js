// The overview: the meaning of a status for an operator, in words.

/**
 * @typedef {object} Overview
 * @property {'well' | 'alarm' | 'ended' | 'waiting' | 'unreachable' | 'locked'} state
 * @property {string} headline
 * @property {string} sentence
 * @property {string} playing artist and title; empty where they are unknown
 * @property {string} alarm the faults; empty where there is none
 * @property {string} since the beginning and the length of the alarm; empty where they are unknown
 */

// A screen reader reads the sentence when it changes, so the sentence contains nothing that changes all the time.
const SOURCES = {
  alsa: 'From the sound card.', file: 'From a file.', stdin: 'From a pipe.', tone: 'From the test tone.',
  room: 'From a room.',
};

/**
 * @param {object} status the server's answer
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

/** All faults, each as a sentence. */
function alarmOf({ stream, disk }) {
  const sentences = [];
  if (stream.notice) sentences.push(`${stream.notice}.`);
  if (!disk.well) sentences.push('The disk fails or is slow. Listeners are served from memory.');
  return sentences.join(' ');
}

function sinceOf(date, now) {
  if (!date) return '';
  return `Since ${clock(date)}, for ${span((Date.parse(now) - Date.parse(date)) / 1000)}.`;
}

/**
 * @param {Error} error of the last request
 * @param {boolean} hasToken whether the address had a token
 * @returns {Overview}
 */
export function overviewOfFailure(error, hasToken) {
  const overview = (state, headline, sentence) => ({ state, headline, sentence, playing: '', alarm: '', since: '' });
  switch (error.status) {
    case 401:
      return overview(
        'locked', 'A token is needed',
        hasToken ? 'This token is not valid, or is no longer valid.'
          : 'The log names the address with the token. --admin-token sets another token.');
    case 403:
      return overview('unreachable', 'Closed', 'This port does not answer under this name. --allow-host lets it in.');
    default:
      return overview('unreachable', 'Not reachable', 'The server does not answer. The page asks again each second.');
  }
}

/** Seconds in at most two units: `40 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`. */
export function span(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const units = [['d', 86400, Infinity], ['h', 3600, 24], ['min', 60, 60], ['s', 1, 60]];
  const parts = units.map(([name, length, count]) => [Math.floor(whole / length) % count, name]);
  const first = parts.findIndex(([value]) => value > 0);
  if (first < 0) return '0 s';
  return parts.slice(first, first + 2).filter(([value]) => value > 0).map((part) => part.join(' ')).join(' ');
}

/** A date as the reader's local time of day, `20:15:03`. */
export const clock = (date) => new Date(date).toLocaleTimeString('en-GB');
