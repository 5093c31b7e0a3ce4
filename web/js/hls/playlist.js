// Media playlists (RFC 8216 §4): a text comes in, values go out.

import { parseDateRange } from './date-range.js';

/** The highest EXT-X-VERSION that this parser supports. */
const SUPPORTED_VERSION = 7;

/**
 * @typedef {object} Entry one media segment
 * @property {number} sequence media sequence number
 * @property {string} url absolute
 * @property {number} durationSeconds
 * @property {number?} date milliseconds since 1970 of its first sample; null where the playlist has no dates
 * @property {boolean} discontinuity whether the timestamps or the format change before it
 * @property {boolean} isRecording whether it is being recorded and not listed yet; then `durationSeconds` is an
 *   estimate
 *
 * @typedef {object} Playlist
 * @property {number} targetDurationSeconds
 * @property {number} discontinuitySequence
 * @property {boolean} ended
 * @property {Entry[]} entries consecutive media sequence numbers, oldest first
 * @property {{date: number?, discontinuity: boolean}} upcoming the tags after the last segment. They belong to the
 *   recording segment, of which only parts are listed. Without such tags: null and false.
 * @property {import('./date-range.js').DateRange[]} dateRanges the titles, each with its start
 */

/**
 * @param {string} text
 * @param {string} base the playlist's URL, to which its URIs are relative
 * @returns {Playlist}
 * @throws {SyntaxError} where the text is no media playlist. So an error page is never taken for an empty stream.
 */
export function parsePlaylist(text, base) {
  const lines = text.split(/\r?\n/);
  // §4.3.1.1: "It MUST be the first line of every Media Playlist".
  if (lines[0] !== '#EXTM3U') throw new SyntaxError('not a playlist: it does not start with #EXTM3U');
  const playlist = { targetDurationSeconds: NaN, discontinuitySequence: 0, ended: false, entries: [], dateRanges: [] };
  let next = 0;
  let pending = {};
  for (const line of lines.slice(1)) {
    if (line === '') continue;
    if (!line.startsWith('#')) {
      if (!(pending.durationSeconds >= 0)) throw new SyntaxError(`no EXTINF before ${line}`);
      playlist.entries.push({
        sequence: next++,
        url: new URL(line, base).href,
        durationSeconds: pending.durationSeconds,
        date: pending.date ?? null,
        discontinuity: pending.discontinuity ?? false,
        isRecording: false,
      });
      pending = {};
      continue;
    }
    const colon = line.indexOf(':');
    const [tag, value] = colon < 0 ? [line, ''] : [line.slice(0, colon), line.slice(colon + 1)];
    // §6.3.1: clients MUST "ignore any unrecognized tags".
    switch (tag) {
      case '#EXT-X-VERSION':
        if (integer(tag, value) > SUPPORTED_VERSION) throw new SyntaxError(`version ${value} is not supported`);
        break;
      case '#EXT-X-TARGETDURATION': playlist.targetDurationSeconds = integer(tag, value); break;
      case '#EXT-X-MEDIA-SEQUENCE': next = integer(tag, value); break;
      case '#EXT-X-DISCONTINUITY-SEQUENCE': playlist.discontinuitySequence = integer(tag, value); break;
      case '#EXT-X-DISCONTINUITY': pending.discontinuity = true; break;
      case '#EXT-X-PROGRAM-DATE-TIME': pending.date = date(value); break;
      case '#EXT-X-DATERANGE': playlist.dateRanges.push(parseDateRange(value)); break;
      case '#EXTINF': pending.durationSeconds = Number.parseFloat(value); break;
      case '#EXT-X-ENDLIST': playlist.ended = true; break;
    }
  }
  if (!(playlist.targetDurationSeconds > 0)) throw new SyntaxError('EXT-X-TARGETDURATION is missing');
  playlist.dateRanges = playlist.dateRanges.filter((range) => range !== null);
  playlist.upcoming = { date: pending.date ?? null, discontinuity: pending.discontinuity ?? false };
  extrapolateDates(playlist.entries);
  return playlist;
}

/** The URL at which the server sends each frame of a recording segment at once. */
export function withEveryFrame(url) {
  const everyFrame = new URL(url);
  everyFrame.searchParams.append('prompt', '');
  return everyFrame.href;
}

/** The URL of a blocking reload: the server answers when the playlist lists that part (rfc8216bis §6.2.5.2). */
export function withPart(playlistUrl, sequence, part) {
  const url = new URL(playlistUrl);
  url.searchParams.append('_HLS_msn', sequence);
  url.searchParams.append('_HLS_part', part);
  return url.href;
}

/**
 * The listed parts of one segment (rfc8216bis §4.4.4.9).
 * @param {number} sequence media sequence number of the segment
 * @param {string} text of a playlist
 * @param {string} base the playlist's URL
 * @returns {{urls: string[], isComplete: boolean}} absolute URLs in order, and whether the segment is complete
 */
export function partsOf(sequence, text, base) {
  const urls = [];
  let current = 0;
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith('#EXT-X-MEDIA-SEQUENCE:')) current = Number(line.split(':')[1]);
    const uri = current === sequence && /^#EXT-X-PART:.*URI="([^"]*)"/.exec(line)?.[1];
    if (uri) urls.push(new URL(uri, base).href);
    if (line !== '' && !line.startsWith('#')) current++;
  }
  return { urls, isComplete: current > sequence };
}

/** The duration of all entries together. */
export const totalSeconds = (entries) => entries.reduce((sum, entry) => sum + entry.durationSeconds, 0);

/** The average duration of a segment. */
export const averageSegmentSeconds = ({ entries, targetDurationSeconds }) =>
  (entries.length ? totalSeconds(entries) / entries.length : targetDurationSeconds);

/**
 * The recording segment. Its name is the number after the last listed segment. Its date is the one in the playlist, or
 * else the end of the last segment.
 *
 * Example: after `/live/10.mp3` the recording segment is `/live/11.mp3`.
 * @returns {Entry?} null where the stream has ended, or where the names are not media sequence numbers
 */
export function recordingEntry(playlist) {
  const last = playlist.entries.at(-1);
  if (!last || playlist.ended) return null;
  const url = new URL(last.url);
  const path = url.pathname.split('/');
  const ending = path.pop().split(`${last.sequence}.`);
  if (ending.length !== 2 || ending[0] !== '') return null;
  const sequence = last.sequence + 1;
  url.pathname = [...path, `${sequence}.${ending[1]}`].join('/');
  const date = playlist.upcoming.date ?? (last.date === null ? null : last.date + last.durationSeconds * 1000);
  const durationSeconds = averageSegmentSeconds(playlist);
  const { discontinuity } = playlist.upcoming;
  return { sequence, url: url.href, durationSeconds, date, discontinuity, isRecording: true };
}

/**
 * The playlist after its recording entry is complete.
 * @param {Playlist} playlist
 * @param {Entry} entry the recording one
 * @param {number} durationSeconds the entry's real duration
 * @param {number} maxEntries the number of entries that the new playlist may have
 */
export function withCompleted(playlist, entry, durationSeconds, maxEntries) {
  const entries = [...playlist.entries, { ...entry, durationSeconds, isRecording: false }];
  const left = entries.slice(0, -maxEntries).filter((entry) => entry.discontinuity).length;
  return {
    ...playlist,
    entries: entries.slice(-maxEntries),
    discontinuitySequence: playlist.discontinuitySequence + left,
    upcoming: { date: null, discontinuity: false },
  };
}

/** The number of discontinuities in the stream up to the end of this playlist. */
export const discontinuityCount = ({ discontinuitySequence, entries, upcoming }) =>
  discontinuitySequence + [...entries, upcoming].filter(({ discontinuity }) => discontinuity).length;

function integer(tag, value) {
  if (!/^\d{1,20}$/.test(value)) throw new SyntaxError(`${tag} is not a decimal-integer: ${value}`);
  return Number(value);
}

function date(value) {
  const time = Date.parse(value);
  return Number.isNaN(time) ? null : time;
}

/**
 * Completes the dates. §6.3.3: the client SHOULD "extrapolate backward from that tag", and "forward from the last
 * EXT-X-PROGRAM-DATE-TIME tag appearing before that segment".
 */
function extrapolateDates(entries) {
  for (let i = 1; i < entries.length; i++) {
    const before = entries[i - 1];
    if (before.date !== null) entries[i].date ??= before.date + before.durationSeconds * 1000;
  }
  for (let i = entries.length - 2; i >= 0; i--) {
    const after = entries[i + 1];
    if (after.date !== null) entries[i].date ??= after.date - entries[i].durationSeconds * 1000;
  }
}
