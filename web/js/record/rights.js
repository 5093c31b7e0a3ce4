// The rights of the visitor, and the addresses of the page.

const INVITE = 'ringcast-record-invite';

/** The station's own URL, for a page at `/record` or `/record/`. @param {Location | URL} location */
export const rootOf = (location) => new URL(location.pathname.endsWith('/') ? '../' : './', location.href).href;

/**
 * Takes the token and the invite out of the address of the page.
 * @returns {{token: string?, headers: Record<string, string>, clean: string}} `headers` show the invite; `clean` is the address
 *   without both
 */
export function credentialsIn(location, storage) {
  const url = new URL(location.href);
  const token = url.searchParams.get('token');
  const invite = url.searchParams.get('invite') ?? storage?.getItem(INVITE) ?? null;
  // A reload goes on with the invite.
  if (invite !== null) storage?.setItem(INVITE, invite);
  url.searchParams.delete('token');
  url.searchParams.delete('invite');
  return { token, headers: invite === null ? {} : { 'Ringcast-Invite': invite }, clean: url.href };
}

/** @returns {Promise<{mayUpload: boolean, maxSize: number, formats: string[], published: boolean}>} */
export async function askRights(root, token, headers) {
  const url = new URL('record.json', root);
  if (token !== null) url.searchParams.set('token', token);
  const answer = await fetch(url, { headers, cache: 'no-store' });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return answer.json();
}
