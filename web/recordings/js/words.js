// The list of recordings in words, and the addresses of the files.

import { dateText } from '../../js/language/formats.js';
import { locale as pageLocale, text } from '../../js/language/texts.js';
import { size, stationTime } from '../../js/page/stored.js';
import { duration } from '../../js/page/text.js';

/**
 * A recording as `/recordings.json` lists it.
 * @typedef {{id: string, title: string, named: boolean, public: boolean, hidden?: boolean, stream: string,
 *   start: string, length: number, size: number,
 *   chapters: {start: number, end: number, title: string}[]}} Recording `named` tells whether an operator gave the title;
 *   `hidden` is there for operators; `start` is local time with its offset (RFC 3339); `length` and the times of chapters
 *   are seconds, `size` is bytes.
 */

/** @param {Recording[]} recordings */
export function headline(recordings) {
  return recordings.length === 0 ? text('recordings.none') : text('recordings.count', { count: recordings.length });
}

/**
 * The date and the times of a recording at the station, as `Monday, 30 November 2026, 14:00 – 15:00`.
 * @param {Recording} recording
 * @param {string} [locale]
 */
export function when({ start, length }, locale = pageLocale()) {
  const begin = stationTime(start);
  const day = dateText(
    begin, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' }, locale);
  const time = (date) => dateText(date, {
    hour: '2-digit', minute: '2-digit', ...(length < 120 ? { second: '2-digit' } : {}), timeZone: 'UTC' }, locale);
  return `${day}, ${time(begin)} – ${time(new Date(begin.getTime() + Math.round(length) * 1000))}`;
}

/** The station's offset from UTC where it is not that of this device; empty where both are the same. */
export function zone({ start }, offsetHere = -new Date(start).getTimezoneOffset()) {
  const [, sign, hours, minutes] = /([+-])(\d\d):(\d\d)$/.exec(start);
  const offset = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  return offset === offsetHere ? '' : `UTC${sign}${Number(hours)}${minutes === '00' ? '' : `:${minutes}`}`;
}

/** @param {Recording} recording */
export const facts = (recording) =>
  [duration(recording.length), size(recording.size), zone(recording)].filter(Boolean).join(' · ');

/** @param {Recording} recording */
export const titleCount = ({ chapters }) => text('recordings.titles', { count: chapters.length });

/** The chapter that is heard at a time in seconds, or -1. */
export const chapterAt = (chapters, time) => chapters.findIndex(({ start, end }) => start <= time && time < end);

/** The streams of which some recordings are in a podcast feed, sorted. @param {Recording[]} recordings */
export const podcasts = (recordings) => [
  ...new Set(recordings.filter((recording) => recording.public && !recording.hidden).map(({ stream }) => stream)),
].sort();

/**
 * The URLs of the page's data.
 * An id needs no escape. A cache refuses a path with an escape.
 * @param {Location | URL} location of the page, which ends in a slash; `?token=TOKEN` is added to each URL of a listener,
 *   and `?edit` is an operator's, whose browser keeps the token as a cookie
 */
export function recordingURLs(location) {
  const query = new URLSearchParams(location.search);
  const [token, isOperator] = [query.get('token'), query.has('edit')];
  const url = (path, fields = {}, hasToken = !isOperator) => {
    const url = new URL(path, location.href);
    for (const [name, value] of Object.entries(fields)) url.searchParams.set(name, value);
    if (token !== null && hasToken) url.searchParams.set('token', token);
    return url.href;
  };
  const seconds = (value) => String(Math.round(value * 1000) / 1000);
  return {
    isOperator, token,
    list: url(isOperator ? 'all.json' : '../recordings.json', {}, true),
    file: (id) => url(`${id}.mp3`),
    peaks: (id) => url(`${id}.peaks`),
    clip: (id, from, to) => url(`${id}/clip.mp3`, { from: seconds(from), to: seconds(to) }),
    feed: (stream) => url(`${stream}.rss`),
  };
}

/**
 * The words beside the link to a clip. The link of a listener has the token, which opens the station to others.
 * @param {{token: string?, isOperator: boolean}} urls
 */
export const clipNote = ({ token, isOperator }) =>
  [text('clip.stays'), token !== null && !isOperator && text('clip.secret')].filter(Boolean).join(' ');
