// The secure address: where the station serves this page with https.

/**
 * @param {string} base the URL of the station
 * @param {URL} page
 * @param {string | undefined} invite by which the person came; it is in the address no more
 * @returns {Promise<string?>} null where the station has none
 */
export async function secureAddress(base, page, invite) {
  try {
    const response = await fetch(new URL('secure.json', base));
    const { url } = response.ok ? await response.json() : { url: null };
    return url === null ? null : addressAt(url, page, invite);
  } catch {
    return null;
  }
}

/** @returns {string} the address of the page at another origin */
export function addressAt(origin, page, invite) {
  const address = new URL(page.pathname + page.search, origin);
  if (invite) address.searchParams.append('invite', invite);
  return address.href;
}
