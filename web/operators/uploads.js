// The uploads on the operators' page: their words, and the requests of operators about them.

import { text } from '../js/language/texts.js';
import { duration } from '../js/page/text.js';
import { began, preparation, size } from '../js/page/stored.js';

export const TEXTS = {
  get listen() { return text('common.listen'); },
  get publish() { return text('upload.publish'); },
  get hide() { return text('shelf.hide'); },
  get remove() { return text('common.delete'); },
  get confirm() { return text('shelf.confirm-delete'); },
  get published() { return text('upload.published'); },
  get unpublished() { return text('upload.unpublished'); },
  get unsent() { return text('upload.unsent'); },
  removeOf: (name) => text('upload.delete-of', { name }),
  get original() { return text('upload.original'); },
  get unreachable() { return text('figure.no-answer'); },
  get token() { return text('figure.need-token-address'); },
  air: (stream) => text('upload.air', { stream }), onAir: (title, stream) => text('upload.on-air', { title, stream }),
  refused: (status) => text('figure.refuses', { code: String(status) }),
};

const TIMEOUT_MS = 5000;
/** The states that an operator should know of. */
const STATES = { original: () => TEXTS.original, processing: preparation };

/** An upload in words. @param {object} upload as `/recordings/uploads.json` lists it */
export function wordsOfUpload(upload) {
  const { length, size: bytes, published, sent, state } = upload;
  return [
    began(upload), length === null ? null : duration(length), size(bytes),
    sent === false ? TEXTS.unsent : published ? TEXTS.published : TEXTS.unpublished, STATES[state]?.(upload),
  ].filter(Boolean).join(' · ');
}

/**
 * The actions on an upload. A sound that its author has not sent can only be deleted.
 * @param {string[]} streams that take source clients
 * @returns {{name: string, label: string, isAsked?: boolean, stream?: string}[]}
 */
export const actionsOnUpload = ({ published, sent, type }, streams) => [
  ...(sent === false ? [] : [published ? { name: 'hide', label: TEXTS.hide } : { name: 'publish', label: TEXTS.publish }]),
  ...(sent !== false && ['audio/mpeg', 'audio/flac'].includes(type)
    ? streams.map((stream) => ({ name: 'air', label: TEXTS.air(stream), stream })) : []),
  { name: 'remove', label: TEXTS.remove, isAsked: true },
];

export class UploadRequests {
  #token;
  #base;
  #fetch;

  /**
   * @param {string | URL} base the URL of the operators' page
   * @param {string?} token of the page's address; without it, the browser's cookie counts
   * @param {typeof fetch} request
   */
  constructor(base, token, request = (...options) => fetch(...options)) {
    [this.#base, this.#token, this.#fetch] = [base, token, request];
  }

  /** @returns {Promise<{uploads: object[], streams: string[]}?>} null where nobody may upload */
  async list() {
    const answer = await this.#send('recordings/uploads.json', 'GET');
    return answer.ok ? answer.json() : null;
  }

  /** @throws {Error} with a sentence for the operator */
  async act(id, { name, stream }) {
    const query = stream === undefined ? '' : `?stream=${encodeURIComponent(stream)}`;
    let answer;
    try {
      answer = await this.#send(`recordings/${id}/${name}${query}`, 'POST');
    } catch {
      throw new Error(TEXTS.unreachable);
    }
    if (answer.ok) return;
    if (answer.status === 401) throw new Error(TEXTS.token);
    const { message } = await answer.json().catch(() => ({}));
    throw new Error(message ? `${message[0].toUpperCase()}${message.slice(1)}.` : TEXTS.refused(answer.status));
  }

  #send(path, method) {
    const headers = this.#token === null ? {} : { Authorization: `Bearer ${this.#token}` };
    return this.#fetch(new URL(path, this.#base).href, {
      method, headers, cache: 'no-store', signal: AbortSignal.timeout(TIMEOUT_MS) });
  }
}
