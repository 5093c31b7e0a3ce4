// Numbers in the form that people read.

import { number } from '../language/formats.js';
import { locale, text } from '../language/texts.js';

/** Seconds as `3.4 s`, or as `0.34 s` below one second; an en dash for null. */
export const seconds = (value) => (value === null ? '–'
  : text('common.seconds', { value: decimal(Math.max(0, value), value < 0.995 ? 2 : 1) }));

/** A number with this count of decimals, such as `3.4`. */
export const decimal = (value, digits) => number(
  value, { minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: false }, locale());

/** Bits per second as `128 kbit/s`; an en dash for null. */
export const bitrate = (value) => (value === null ? '–'
  : text('common.kilobits', { value: Math.round(value / 1000) }));

/** Seconds as `0:07`, `12:03` or `1:00:00`. */
export function duration(value) {
  const [hours, minutes, rest] = [value / 3600, value / 60 % 60, value % 60].map(Math.floor);
  const pad = (number) => String(number).padStart(2, '0');
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(rest)}` : `${minutes}:${pad(rest)}`;
}

/**
 * The title of the window.
 * @param {import('../hls/date-range.js').NowPlaying?} playing
 * @param {string} stream its title, or its name
 * @param {string?} station null where the station has no name of its own
 */
export const documentTitle = (playing, stream, station = null) => {
  const line = [playing?.artist, playing?.title].filter(Boolean).join(' – ');
  return [line, stream, station === stream ? null : station ?? 'ringcast'].filter(Boolean).join(' · ');
};

/** The names of interfaces, which are the same in every language. */
const ENGINES = { webcodecs: 'WebCodecs', 'mse-mp3': 'Media Source, MP3', 'mse-mp4': 'Media Source, MP4' };

/** The name of an engine for people; an en dash for null. @param {string?} name */
export const engine = (name) => (name === 'native' ? text('elsewhere.engine-native') : ENGINES[name] ?? '–');

/** The distance from live in words. */
export const behind = (value) => text('player.behind', { count: Math.round(value) });
