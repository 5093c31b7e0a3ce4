// Dates in the form that people read.

/** @param {string} time RFC 3339 @returns {string} the reader's local time, such as `20:15` */
export const timeOfDay = (time) => new Date(time).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });

/** The local date and time in full. */
export const fullTime = (time) => new Date(time).toLocaleString([], { dateStyle: 'full', timeStyle: 'medium' });

/** The local day, such as `Monday, 30 November`. */
export const dayOf = (time) =>
  new Date(time).toLocaleDateString([], { weekday: 'long', day: 'numeric', month: 'long' });
