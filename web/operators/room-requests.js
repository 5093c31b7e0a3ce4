// The requests about rooms. The token of the page's address goes with each; without it, the browser's cookie does.

import { text } from '../js/language/texts.js';

const TIMEOUT_MS = 5000;

export class RoomRequests {
  #token;
  #base;
  #fetch;

  /**
   * @param {string | URL} base the URL of the operators' page
   * @param {string?} token of the page's address
   * @param {typeof fetch} request
   */
  constructor(base, token, request = (...options) => fetch(...options)) {
    this.#base = base;
    this.#token = token;
    this.#fetch = request;
  }

  /** The members of a room. */
  async members(room) {
    return (await this.#exchange(room, 'members')).members;
  }

  /** Acts on a room or a member. @param {object} fields of the message `host` */
  act(room, fields) {
    return this.#exchange(room, 'actions', fields);
  }

  /**
   * Makes an invite.
   * @param {number} expires seconds from now
   * @returns {Promise<{url: string, expires: string}>} the path with the invite, and its end
   */
  invite(room, role, expires) {
    return this.#exchange(room, 'invites', { role, expires });
  }

  /** @throws {Error} with a sentence for the operator */
  async #exchange(room, resource, content) {
    const headers = this.#token === null ? {} : { Authorization: `Bearer ${this.#token}` };
    const options = { headers, cache: 'no-store', signal: AbortSignal.timeout(TIMEOUT_MS) };
    if (content !== undefined) {
      Object.assign(options, { method: 'POST', body: JSON.stringify(content) });
      headers['Content-Type'] = 'application/json';
    }
    let response;
    try {
      response = await this.#fetch(new URL(`rooms/${room}/${resource}`, this.#base).href, options);
    } catch {
      throw new Error(text('figure.no-answer'));
    }
    if (response.ok) return response.json();
    throw new Error(await sentenceOf(response));
  }
}

/** The reason for a refusal. */
async function sentenceOf(response) {
  if (response.status === 401) return text('figure.need-token');
  const { code, text: sentence } = await response.json().catch(() => ({}));
  // A port that only this machine reaches shows the page without a token.
  if (code === 'not_allowed') return text('figure.need-token-address');
  return sentence ?? text('figure.refuses', { code: String(response.status) });
}
