// The URLs of a stream.

const DEFAULT_STREAM = 'live';

/** The name of the stream in the head of the page; undefined where the server has written none. */
export const namedInHead = () => document.querySelector('meta[name="ringcast-stream"]')?.content || undefined;

/**
 * @param {Location | URL} location of the page. `?token=TOKEN` is added to each URL.
 * @param {string} [name] of the stream. Without it, `?stream=NAME` names another stream than `live`.
 * @returns {{name: string, token: string?, hasToken: boolean, playlist: string, lowLatencyPlaylist: string,
 *   endless: string, info: string, m3u: string, pls: string, ringPeaks: string, played: string, qrCode: string,
 *   pictures: (after: number) => string, picture: (id: number) => string, station: string}} absolute URLs. `lowLatencyPlaylist` also
 *   lists the parts of the recording segment. `station` is the station's page.
 */
export function streamURLs(location, name) {
  const query = new URLSearchParams(location.search);
  name ??= query.get('stream') || DEFAULT_STREAM;
  const token = query.get('token');
  const addressOf = (path) => {
    const url = new URL(path, location.href);
    if (token !== null) url.searchParams.set('token', token);
    return url.href;
  };
  const url = (ending) => addressOf(`${encodeURIComponent(name)}${ending}`);
  return {
    name, token, hasToken: token !== null, playlist: url('.m3u8'), lowLatencyPlaylist: url('-ll.m3u8'),
    endless: url('.mp3'), info: url('.json'), m3u: url('.m3u'), pls: url('.pls'),
    ringPeaks: url('/ring.peaks'), played: url('/played.json'),
    qrCode: new URL(`${encodeURIComponent(name)}/qr.svg`, location.href).href,
    pictures: (after) => url(`/pictures/${after}.json`),
    picture: (id) => url(`/picture/${id}.jpg`),
    station: addressOf('./'),
  };
}

/**
 * Whether the browser may refuse the cookie in which it would keep the token. Then the page's links need the token. A token in
 * an address takes the place of the cookies, so other links have none.
 */
export const needsTokenInLinks = () => window.top !== window || !navigator.cookieEnabled;

/** The page's address without a token. */
export function withoutToken(location) {
  const url = new URL(location.href);
  url.searchParams.delete('token');
  return url.href;
}

/** The page's address with a token. */
export function withToken(location, token) {
  const url = new URL(location.href);
  url.searchParams.set('token', token);
  return url.href;
}
