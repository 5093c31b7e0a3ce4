// The streams of a status that operators act on: their words, and the actions.

import { text } from '../js/language/texts.js';
import { clock } from './overview.js';

const TEXTS = {
  get nobody() { return text('shelf.nobody'); },
  get on() { return text('shelf.recorded'); },
  get off() { return text('shelf.not-recorded'); },
  get trouble() { return text('shelf.disk'); },
  get start() { return text('shelf.start'); },
  get stop() { return text('shelf.stop'); },
  get mark() { return text('shelf.mark'); },
  get disconnect() { return text('shelf.disconnect'); },
  live: ({ since, ...client }) => text(client.program ? 'shelf.live-by' : 'shelf.live', { ...client, time: clock(since) }),
  question: (name) => text('shelf.disconnect-question', { name }),
};

/**
 * @typedef {object} StreamAction
 * @property {'start' | 'stop' | 'mark' | 'disconnect'} kind
 * @property {string} label
 * @property {string} [question] asked before the action is done, because nobody can take the action back
 */

/**
 * The streams that take source clients or are recorded.
 * @param {{streams: object[]}} status
 * @returns {{name: string, sentences: string[], actions: StreamAction[]}[]}
 */
export function actedOn({ streams }) {
  return streams.filter(({ sourceClient, recorder }) => sourceClient !== undefined || recorder !== undefined)
    .map(({ name, sourceClient, recorder }) => ({
      name,
      sentences: [
        sourceClient === undefined ? null : sourceClient === null ? TEXTS.nobody : TEXTS.live(sourceClient),
        recorder && (recorder.on ? TEXTS.on : TEXTS.off), recorder?.well === false ? TEXTS.trouble : null,
      ].filter(Boolean),
      actions: [
        sourceClient && { kind: 'disconnect', label: TEXTS.disconnect, question: TEXTS.question(sourceClient.user) },
        recorder && (recorder.on ? { kind: 'stop', label: TEXTS.stop } : { kind: 'start', label: TEXTS.start }),
        recorder?.on && { kind: 'mark', label: TEXTS.mark },
      ].filter(Boolean),
    }));
}
