// The URLs of the stream that this page plays.

const DEFAULT_STREAM = 'live';

/**
 * @param {Location | URL} location of the page. `?stream=NAME` names another stream than `live`. `?token=TOKEN` is
 *   added to each URL.
 * @returns {{name: string, token: string?, hasToken: boolean, playlist: string, lowLatencyPlaylist: string,
 *   endless: string, info: string}} absolute URLs. `lowLatencyPlaylist` also lists the parts of the recording segment.
 */
export function streamURLs(location) {
  const query = new URLSearchParams(location.search);
  const name = query.get('stream') || DEFAULT_STREAM;
  const token = query.get('token');
  const url = (ending) => {
    const url = new URL(`${encodeURIComponent(name)}${ending}`, location.href);
    if (token !== null) url.searchParams.set('token', token);
    return url.href;
  };
  return {
    name, token, hasToken: token !== null, playlist: url('.m3u8'), lowLatencyPlaylist: url('-ll.m3u8'),
    endless: url('.mp3'), info: url('.json'),
  };
}

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
