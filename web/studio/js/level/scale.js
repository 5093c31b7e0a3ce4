// The scale of the meter, in dB relative to full scale.

import { text } from '../../../js/language/texts.js';

/** The lower end of the scale. */
export const FLOOR_DB = -60;
/** The marks with a number. */
export const MARKS_DB = [-60, -48, -36, -24, -18, -12, -6, 0];
/** From here up, the meter warns. */
export const HOT_DB = -3;

/** @param {number} level 0 to 1 @returns {number} dB, at least -120 */
export const decibels = (level) => 20 * Math.log10(Math.max(level, 1e-6));

/** The place of a level on the scale, 0 to 1. */
export const onScale = (db) => Math.min(1, Math.max(0, 1 - db / FLOOR_DB));

/** A level in words. A minus sign is as wide as a digit. */
export const levelText = (db) => (db <= FLOOR_DB
  ? text('studio.silent') : text('status.decibels', { value: `${Math.round(db) < 0 ? '−' : ''}${Math.abs(Math.round(db))}` }));
