// Dates in the form that people read.

// To make a format takes much longer than to use one.
const CLOCK = new Intl.DateTimeFormat([], { hour: '2-digit', minute: '2-digit' });
const FULL = new Intl.DateTimeFormat([], { dateStyle: 'full', timeStyle: 'medium' });
const DAY = new Intl.DateTimeFormat([], { weekday: 'long', day: 'numeric', month: 'long' });

/** @param {string} time RFC 3339 @returns {string} the reader's local time, such as `20:15` */
export const timeOfDay = (time) => CLOCK.format(new Date(time));

/** The local date and time in full. */
export const fullTime = (time) => FULL.format(new Date(time));

/** The local day, such as `Monday, 30 November`. */
export const dayOf = (time) => DAY.format(new Date(time));

/** Whether two times are on the same local day. */
export const isSameDay = (one, other) => new Date(one).toDateString() === new Date(other).toDateString();
