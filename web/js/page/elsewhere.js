// "Listen elsewhere": the addresses of the stream for other players, and the snippet for other pages.

import { setText } from '../language/elements.js';
import { text } from '../language/texts.js';

const COPIED_MS = 2000;
const ESCAPES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (words) => words.replace(/[&<>"']/g, (character) => ESCAPES[character]);

/**
 * The address of this page for other people: without a token, and without the choices of this listener.
 * @param {Location | URL} location
 */
export function shareAddress(location) {
  const url = new URL(location.href);
  const stream = url.searchParams.get('stream');
  url.search = '';
  url.hash = '';
  if (stream !== null) url.searchParams.set('stream', stream);
  return url.href;
}

/** An address as people read it, without a token. @param {string} address */
export function shownAddress(address) {
  const { host, pathname } = new URL(address);
  return host + pathname;
}

/**
 * The markup that embeds this page into another page.
 * @param {string} address @param {string} title
 */
export const embedSnippet = (address, title) =>
  `<iframe src="${escaped(address)}" title="${escaped(title)}" width="100%" height="560" allow="autoplay"></iframe>`;

/**
 * @param {(id: string) => HTMLElement} find
 * @param {ReturnType<import('./stream-urls.js').streamURLs>} stream
 * @param {import('../net/stream-info.js').StreamInfo} streamInfo
 * @param {import('./names.js').Names} names
 */
export function connectElsewhere(find, stream, streamInfo, names) {
  const addresses = {
    share: shareAddress(location), playlist: stream.playlist, endless: stream.endless, m3u: stream.m3u, pls: stream.pls,
  };
  for (const [id, address] of Object.entries(addresses)) find(id).href = address;
  for (const id of ['share', 'playlist', 'endless']) setText(find(id), shownAddress(addresses[id]));
  find('embed').value = embedSnippet(addresses.share, names.stream);
  find('secret').hidden = !stream.hasToken;
  // The browser may show a token that the page does not know: the cookie of an earlier visit.
  const showNeed = () => { find('token-needed').hidden = stream.hasToken || streamInfo.latest?.needsToken !== true; };
  streamInfo.addEventListener('change', showNeed);
  showNeed();
  for (const button of find('elsewhere').querySelectorAll('[data-copy]')) {
    const target = find(button.dataset.copy);
    button.addEventListener('click', async () => {
      const isCopied = await copy(target.href ?? target.value, target);
      find('copied').textContent = text(isCopied ? 'elsewhere.copied' : 'elsewhere.not-copied');
      setTimeout(() => { find('copied').textContent = ''; }, COPIED_MS);
    });
  }
  // The picture comes when somebody wants to see it. Without the station's address for others there is none.
  find('elsewhere').addEventListener('toggle', () => {
    const code = find('qr');
    // An address that only this machine has needs no code.
    if (code.src || isOfThisMachine(location.hostname)) return;
    code.addEventListener('load', () => { code.hidden = false; });
    code.src = stream.qrCode;
  });
  find('embed').addEventListener('focus', ({ target }) => target.select());
}

/** Whether a host's name is that of the machine itself. */
export const isOfThisMachine = (hostname) => /^(localhost|127\.[\d.]+|\[::1\])$/.test(hostname);

/**
 * Copies a text.
 * @param {Element} beside a field for the text may stand there for a moment
 * @returns {Promise<boolean>} whether the browser has copied the text
 */
async function copy(content, beside) {
  try {
    await navigator.clipboard.writeText(content);
    return true;
  } catch {
    // Without https there is no clipboard for scripts, but a selection can be copied.
    const field = document.createElement('textarea');
    field.value = content;
    field.className = 'hidden';
    beside.after(field);
    field.select();
    const isCopied = document.execCommand('copy');
    field.remove();
    return isCopied;
  }
}
