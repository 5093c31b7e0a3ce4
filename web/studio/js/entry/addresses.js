// The addresses of the studio and of its streams.

/** The page is at `/studio`, at `/studio/` and at `/studio/NAME`; a proxy may put a path before these. */
const STUDIO = /\/studio(?:\/([^/]*))?$/;

/**
 * @param {string | URL} address of the page
 * @returns {{root: string, stream: string?}} the station's own URL, and the name of the stream in the address
 */
export function placeOf(address) {
  const { origin, pathname } = new URL(address);
  const found = STUDIO.exec(pathname);
  const root = new URL(found === null ? './' : `${pathname.slice(0, found.index)}/`, origin).href;
  return { root, stream: found?.[1] ? decodeURIComponent(found[1]) : null };
}

/** @param {string} root @param {string} stream its name */
export function addressesOf(root, stream) {
  const name = encodeURIComponent(stream);
  const page = new URL(stream === 'live' ? './' : `./?stream=${name}`, root);
  return {
    studio: new URL(`studio/${name}`, root).href, listeners: page.href, title: new URL(`${name}/metadata`, root).href,
  };
}

/** Where the streams of the station are asked for. */
export const stationAddresses = (root) => ({
  streams: new URL('studio.json', root).href, status: new URL('status', root).href,
});
