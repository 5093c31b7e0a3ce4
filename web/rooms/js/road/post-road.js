// The roads below the WebSocket: messages to the server by POST, messages to the page by `receive`.

import { EventStreamParser } from './event-stream-parser.js';

/** The code of a WebSocket that closed without one (RFC 6455, section 7.4.1). */
const NO_CODE = 1006;
const POST_SECONDS = 10;
/** The server begins its answer at once. An answer that has not begun by then is held back on the way. */
const FIRST_BYTES_SECONDS = 6;
/** The server holds a request for 25 s at most. */
const POLL_SECONDS = 40;

/** @typedef {import('./socket-road.js').RoadClient} RoadClient */

/** The road of server-sent events. They are read with fetch, whose header can carry the session. A URL never does. */
export const openEventRoad = (urls, client) => openPostRoad(urls, client, receiveEvents);

/** The road of requests that the server holds until there is a message. */
export const openPollingRoad = (urls, client) => openPostRoad(urls, client, receivePolls);

/**
 * @param {{messages: string}} urls
 * @param {RoadClient} client
 * @param {(tools: object) => Promise<number | undefined>} receive returns the close code when the server has ended the
 *   road; undefined where the road ended without one
 * @returns {import('./socket-road.js').Road}
 */
function openPostRoad({ messages }, client, receive) {
  const controller = new AbortController();
  const { signal } = controller;
  const state = { worked: false, reached: false };
  let session = null;
  let sending = Promise.resolve();
  let isClosed = false;

  const end = (code) => {
    if (isClosed) return;
    isClosed = true;
    controller.abort();
    client.onClose({ code, ...state });
  };
  const lose = () => end(NO_CODE);
  /** The road is lost where `work` takes longer. */
  const limited = async (seconds, work) => {
    const timer = setTimeout(lose, seconds * 1000);
    try {
      return await work();
    } finally {
      clearTimeout(timer);
    }
  };
  const request = ({ query = '', headers, ...options }) => fetch(messages + query, {
    cache: 'no-store', signal, ...options,
    headers: { ...(session !== null && { 'Ringcast-Session': session }), ...headers },
  });
  const deliver = (message) => {
    if (!isClosed) client.onMessage(message);
  };

  async function post(message) {
    const response = await request({
      method: 'POST', body: JSON.stringify(message), headers: { 'Content-Type': 'application/json' },
    });
    if (response.status >= 500) throw new Error(`status ${response.status}`);
    state.reached = true;
    if (response.status === 204) return;
    const answer = await response.json();
    if (answer.type === 'welcome') {
      session = answer.you.session;
      const onWorking = () => { state.worked = true; };
      receive({ request, limited, onWorking, onMessage: deliver, signal }).then((code = NO_CODE) => end(code), lose);
    }
    deliver(answer);
  }
  const send = async (message) => {
    if (!signal.aborted) await limited(POST_SECONDS, () => post(message));
  };

  queueMicrotask(() => { if (!isClosed) client.onOpen(); });
  return {
    // The messages arrive in their order, because each waits for the answer to the one before.
    send: (message) => { sending = sending.then(() => send(message)).catch(lose); },
    close: () => {
      isClosed = true;
      // The last messages still leave.
      sending.finally(() => controller.abort());
    },
  };
}

async function receiveEvents({ request, limited, onWorking, onMessage }) {
  let reader;
  let read = await limited(FIRST_BYTES_SECONDS, async () => {
    const response = await request({ headers: { Accept: 'text/event-stream' } });
    const isStream = response.headers.get('Content-Type')?.startsWith('text/event-stream');
    if (!response.ok || !isStream) throw new Error(`status ${response.status}`);
    reader = response.body.getReader();
    return reader.read();
  });
  const decoder = new TextDecoder();
  const parser = new EventStreamParser();
  for (; !read.done; read = await reader.read()) {
    onWorking();
    for (const { event, data } of parser.push(decoder.decode(read.value, { stream: true }))) {
      if (event === 'close') return JSON.parse(data).code;
      onMessage(JSON.parse(data));
    }
  }
  return undefined;
}

async function receivePolls({ request, limited, onWorking, onMessage, signal }) {
  for (let after = 0; !signal.aborted;) {
    const { last, messages, close } = await limited(POLL_SECONDS, async () => {
      const response = await request({ query: `?after=${after}` });
      if (!response.ok) throw new Error(`status ${response.status}`);
      return response.json();
    });
    onWorking();
    after = last;
    messages.forEach(onMessage);
    if (close) return close.code;
  }
  return undefined;
}
