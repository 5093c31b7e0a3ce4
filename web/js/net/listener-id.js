// What this page calls itself while it listens, so that the server counts it once, however many connections it has.

/** Drawn anew with each page that is opened; it says nothing of who opened it. */
const LISTENER_ID = Array.from(
  globalThis.crypto.getRandomValues(new Uint8Array(7)), (octet) => octet.toString(16).padStart(2, '0')).join('');

/** In a header field rather than the URL, so that caches keep one copy for all. Who only looks says so. */
export const listenerHeaders = (isListening) => ({ 'Ringcast-Session': isListening ? LISTENER_ID : '-' });

/** For what asks by itself, where no header field can be set. */
export function withListenerId(url) {
  const named = new URL(url);
  named.searchParams.append('session', LISTENER_ID);
  return named.href;
}
