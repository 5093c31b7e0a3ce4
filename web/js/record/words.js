// All texts of the page that records.

import { dateText, number } from '../language/formats.js';
import { locale, text } from '../language/texts.js';
import { duration } from '../page/text.js';

const REHEARSALS = {
  idle: 'common.hear-yourself', recording: 'studio.rehearsal-recording', playing: 'studio.rehearsal-playing',
};
const REFUSALS = [401, 403, 413, 415, 507];
const percent = (share) => text('common.percent', { value: number(Math.round(100 * share), {}, locale()) });

export const WORDS = {
  headline: (place) => (place === 'waiting' ? text('common.one-moment') : text(`record.${place}`)),
  hint: (place) => (place === 'waiting' ? '' : text(`record.hint-${place}`)),
  rehearsal: (phase) => text(REHEARSALS[phase]),
  interrupted: (seconds) => text('record.interrupted', { length: duration(seconds) }),
  get continued() { return text('record.continued'); },
  get pause() { return text('player.pause'); },
  get resume() { return text('record.resume'); },
  get wrongToken() { return text('recordings.bad-token'); },
  get noServer() { return text('common.no-answer'); },
  waitingLine: (waiting) => text('record.waiting-line', { length: duration(waiting) }),
  goodLine: (there, made) => text('record.good-line', { there: duration(there), made: duration(made) }),
  get insecure() { return text('device.microphone-insecure'); },
  get insecureLink() { return text('record.insecure-link'); },
  get noMicrophone() { return text('record.no-microphone'); },
  get noRecorder() { return text('record.no-recorder'); },
  get microphoneLost() { return text('record.microphone-lost'); },
  get unkept() { return text('record.unkept'); },
  get lostPiece() { return text('record.lost-piece'); },
  sendingShare: (share) => text('record.sending-share', { share: percent(share) }),
  processing: (share) => (share === null
    ? text('record.processing') : text('record.processing-share', { share: percent(share) })),
  get ready() { return text('record.ready'); },
  get unpublished() { return text('record.unpublished'); },
  get published() { return text('record.published'); },
  refused: (status) => (REFUSALS.includes(status)
    ? text(`record.refused-${status}`) : text('record.refused', { code: String(status) })),
  get discard() { return text('record.discard-question'); },
  defaultName: (date) =>
    text('record.default-name', { time: dateText(date, { dateStyle: 'medium', timeStyle: 'short' }, locale()) }),
};
