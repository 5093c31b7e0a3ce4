// The requests of operators about the streams. The token of the page's address goes with each; without it, the browser's
// cookie does.

import { text } from '../js/language/texts.js';

const TIMEOUT_MS = 5000;
const TEXTS = {
  get unreachable() { return text('figure.no-answer'); },
  get token() { return text('figure.need-token-address'); },
  refused: (status) => text('figure.refuses', { code: String(status) }),
};

export class StreamRequests {
  #token;
  #base;
  #fetch;

  /**
   * @param {string | URL} base the URL of the operators' page
   * @param {string?} token of the page's address
   * @param {typeof fetch} request
   */
  constructor(base, token, request = (...options) => fetch(...options)) {
    [this.#base, this.#token, this.#fetch] = [base, token, request];
  }

  /** Starts or stops the recording of a stream, or marks its sound. @param {'start' | 'stop' | 'mark'} action */
  record(stream, action, content) {
    return this.#post(`recordings/${stream}/${action}`, content);
  }

  /** Disconnects the program that sends the sound of a stream. */
  disconnect(stream) {
    return this.#post(`${stream}/disconnect`);
  }

  /** @throws {Error} with a sentence for the operator */
  async #post(path, content) {
    const headers = this.#token === null ? {} : { Authorization: `Bearer ${this.#token}` };
    const options = { method: 'POST', headers, cache: 'no-store', signal: AbortSignal.timeout(TIMEOUT_MS) };
    if (content !== undefined) {
      options.body = JSON.stringify(content);
      headers['Content-Type'] = 'application/json';
    }
    let answer;
    try {
      answer = await this.#fetch(new URL(path, this.#base).href, options);
    } catch {
      throw new Error(TEXTS.unreachable);
    }
    if (answer.ok) return;
    if (answer.status === 401) throw new Error(TEXTS.token);
    const reason = (await answer.text()).trim();
    throw new Error(reason ? `${reason[0].toUpperCase()}${reason.slice(1)}.` : TEXTS.refused(answer.status));
  }
}
