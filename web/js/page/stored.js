// Stored sounds, recordings and uploads, in words: their sizes, times and states.

import { dateText } from '../language/formats.js';
import { locale as pageLocale, text } from '../language/texts.js';
import { decimal } from './text.js';

/** Bytes as `57.7 MB`. */
export function size(bytes) {
  if (bytes < 1e6) return text('recordings.kilobytes', { value: Math.max(1, Math.round(bytes / 1000)) });
  return bytes < 1e9
    ? text('recordings.megabytes', { value: decimal(bytes / 1e6, 1) })
    : text('recordings.gigabytes', { value: decimal(bytes / 1e9, 2) });
}

/** Local time of the station, written as if it were UTC. @param {string} start with its offset (RFC 3339) */
export const stationTime = (start) => new Date(`${start.slice(0, 19)}Z`);

/** The local time of the station at which an upload began, as `30 Nov 2026, 14:00`. @param {{start: string}} upload */
export const began = ({ start }, locale = pageLocale()) =>
  dateText(stationTime(start), { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' }, locale);

/** The preparation of an upload, as `being prepared (40 %)`. @param {{progress?: number}} upload a part, 0 to 1 */
export const preparation = ({ progress }) => (progress === undefined ? text('upload.processing')
  : `${text('upload.processing')} (${text('common.percent', { value: Math.round(100 * progress) })})`);
