// Which stream this page plays, and where it is.

const DEFAULT_STREAM = 'live';

/**
 * @param {Location | URL} location of the page; `?stream=NAME` picks another stream
 * @returns {{name: string, playlist: string, parts: string, description: string}} absolute URLs; `parts` is the playlist
 *   that also tells what is being recorded
 */
export function streamAt(location) {
  const name = new URLSearchParams(location.search).get('stream') || DEFAULT_STREAM;
  const url = (ending) => new URL(`${encodeURIComponent(name)}${ending}`, location.href).href;
  return { name, playlist: url('.m3u8'), parts: url('-ll.m3u8'), description: url('.json') };
}
