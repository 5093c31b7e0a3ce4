// The overview: the meaning of a status for an operator, in words.

import { dateText } from '../js/language/formats.js';
import { locale, text } from '../js/language/texts.js';

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
const SOURCES = ['alsa', 'file', 'stdin', 'tone', 'room', 'icecast', 'relay', 'stream'];

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
  if (stream.ended) return overview('ended', text('status.ended'), text('status.ended-text'));
  if (stream.levels.length === 0) return overview('waiting', text('status.starting'), text('status.starting-text'));
  const isWell = stream.alarm === null && status.disk.well;
  return overview(isWell ? 'well' : 'alarm', text(isWell ? 'common.on-air' : 'status.alarm'), sourceOf(status));
}

/** The source; for a source client, who is live. */
function sourceOf({ stream, sourceClient }) {
  if (!sourceClient) return SOURCES.includes(stream.source) ? text(`status.source-${stream.source}`) : stream.source;
  return text(sourceClient.program ? 'status.source-program' : 'status.source-client', sourceClient);
}

/** All faults, each as a sentence. */
function alarmOf({ stream, disk, source }) {
  const sentences = [];
  if (stream.notice) sentences.push(`${stream.notice}.`);
  if (source?.reason) sentences.push(text('status.reason', { reason: source.reason }));
  if (!disk.well) sentences.push(text('status.disk-fails'));
  return sentences.join(' ');
}

function sinceOf(date, now) {
  if (!date) return '';
  return text('status.since', { time: clock(date), length: span((Date.parse(now) - Date.parse(date)) / 1000) });
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
        'locked', text('common.token-needed'), text(hasToken ? 'common.token-bad' : 'status.token-hint'));
    case 403:
      return overview('unreachable', text('status.closed'), text('status.closed-text'));
    default:
      return overview('unreachable', text('status.unreachable'), text('status.unreachable-text'));
  }
}

/** Seconds in at most two units: `40 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`. */
export function span(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const units = [['days', 86400, Infinity], ['hours', 3600, 24], ['minutes', 60, 60], ['seconds', 1, 60]];
  const parts = units.map(([name, length, count]) => [Math.floor(whole / length) % count, name]);
  const first = parts.findIndex(([value]) => value > 0);
  if (first < 0) return text('common.seconds', { value: 0 });
  return parts.slice(first, first + 2).filter(([value]) => value > 0)
    .map(([value, name]) => text(`common.${name}`, { value })).join(' ');
}

/** A date as the reader's local time of day, `20:15:03`. */
export const clock = (date) => dateText(
  new Date(date), { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }, locale());
