// The listener ID: it lets the server count this page once, however many connections the page has.

/** Each opened page draws a new random ID, so the ID tells nothing about the listener. */
const LISTENER_ID = Array.from(
  globalThis.crypto.getRandomValues(new Uint8Array(7)), (octet) => octet.toString(16).padStart(2, '0')).join('');

/**
 * The ID as a header field. A URL with an ID would make each cache keep a copy for each listener. A page that only
 * looks sends a hyphen.
 */
export const listenerHeaders = (isListening) => ({ 'Ringcast-Session': isListening ? LISTENER_ID : '-' });

/** The ID in a URL, for requests of the browser's own HLS, whose header fields a page can't set. */
export function withListenerId(url) {
  const identified = new URL(url);
  identified.searchParams.append('session', LISTENER_ID);
  return identified.href;
}
