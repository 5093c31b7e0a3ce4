// The sentences before the desk.

import { text } from '../../../js/language/texts.js';

/** @param {import('./studio-requests.js').RefusalKind} kind */
export const refusalSentence = (kind) => text(`studio.refusal-${kind}`);

/** @param {string} name of a stream that the person may not use, or that does not exist */
export const noStreamSentence = (name) => (name === null
  ? text('studio.no-stream') : text('studio.no-stream-named', { name }));
