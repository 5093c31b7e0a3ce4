// Dates in the form that people read.

import { dateText } from '../../../js/language/formats.js';
import { locale } from '../../../js/language/texts.js';

const CLOCK = { hour: '2-digit', minute: '2-digit' };
const FULL = { dateStyle: 'full', timeStyle: 'medium' };
const DAY = { weekday: 'long', day: 'numeric', month: 'long' };

/** @param {string} time RFC 3339 @returns {string} the reader's local time, such as `20:15` */
export const timeOfDay = (time) => dateText(new Date(time), CLOCK, locale());

/** The local date and time in full. */
export const fullTime = (time) => dateText(new Date(time), FULL, locale());

/** The local day, such as `Monday, 30 November`. */
export const dayOf = (time) => dateText(new Date(time), DAY, locale());

/** Whether two times are on the same local day. */
export const isSameDay = (one, other) => new Date(one).toDateString() === new Date(other).toDateString();
