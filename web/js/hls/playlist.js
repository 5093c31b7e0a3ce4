// A media playlist (RFC 8216 §4): text in, values out.

import { parseDateRange } from './date-range.js';

/** The highest EXT-X-VERSION whose rules are followed here. */
const SUPPORTED_VERSION = 7;

/**
 * @typedef {object} Entry one media segment
 * @property {number} sequence media sequence number
 * @property {string} url absolute
 * @property {number} durationSeconds seconds
 * @property {number?} date milliseconds since 1970 of its first sample; null where the playlist has no dates at all
 * @property {boolean} discontinuity whether the timestamps or the format break before it
 * @property {boolean} isGrowing whether it is not listed yet, because it is being recorded; `durationSeconds` is a guess then
 *
 * @typedef {object} Playlist
 * @property {number} targetDurationSeconds seconds
 * @property {number} discontinuitySequence
 * @property {boolean} ended
 * @property {Entry[]} entries consecutive media sequence numbers, oldest first
 * @property {{date: number?, discontinuity: boolean}} upcoming what is said of the segment after the last one, of which
 *   only parts are listed: null and false where nothing is
 * @property {import('./date-range.js').DateRange[]} dateRanges what plays, and since when
 */

/**
 * @param {string} text
 * @param {string} base the playlist's own URL, which its URIs are relative to
 * @returns {Playlist}
 * @throws {SyntaxError} where the text is no media playlist, so that an error page is never taken for an empty stream
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
        isGrowing: false,
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

/** Where the server sends on each frame of a segment that grows as soon as there is one. */
export function withEveryFrame(url) {
  const prompt = new URL(url);
  prompt.searchParams.append('prompt', '');
  return prompt.href;
}

/** Where the server gives the playlist no sooner than it lists that part (rfc8216bis §6.2.5.2). */
export function withPart(playlistUrl, sequence, part) {
  const url = new URL(playlistUrl);
  url.searchParams.append('_HLS_msn', sequence);
  url.searchParams.append('_HLS_part', part);
  return url.href;
}

/**
 * The parts of one segment, as far as they are listed (rfc8216bis §4.4.4.9).
 * @param {string} text of a playlist
 * @param {string} base the playlist's own URL
 * @returns {{urls: string[], isComplete: boolean}} absolute URLs, in order, and whether there are no more
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

/** The seconds that a run of entries lasts. */
export const totalSeconds = (entries) => entries.reduce((sum, entry) => sum + entry.durationSeconds, 0);

/** The average duration of a segment, s. */
export const averageSegmentSeconds = ({ entries, targetDurationSeconds }) =>
  (entries.length ? totalSeconds(entries) / entries.length : targetDurationSeconds);

/**
 * The segment that is being recorded: it follows on the last one that is listed, by its name, and by its date unless
 * that is known better.
 * @returns {Entry?} null where nothing is recorded any more, or the names are not the numbers of the segments
 */
export function growingEntry(playlist) {
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
  return { sequence, url: url.href, durationSeconds, date, discontinuity: playlist.upcoming.discontinuity, isGrowing: true };
}

/**
 * The playlist as it will be now that its growing entry is complete and has turned out to last `durationSeconds` seconds.
 * @param {number} maxEntries how many entries it may have
 */
export function grown(playlist, entry, durationSeconds, maxEntries) {
  const entries = [...playlist.entries, { ...entry, durationSeconds, isGrowing: false }];
  const left = entries.slice(0, -maxEntries).filter((entry) => entry.discontinuity).length;
  return {
    ...playlist,
    entries: entries.slice(-maxEntries),
    discontinuitySequence: playlist.discontinuitySequence + left,
    upcoming: { date: null, discontinuity: false },
  };
}

/** How many discontinuities the stream has had, up to the end of this playlist. */
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
 * §6.3.3: the client SHOULD "extrapolate backward from that tag", and "forward from the last EXT-X-PROGRAM-DATE-TIME
 * tag appearing before that segment".
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
