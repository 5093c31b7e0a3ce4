// The secrets of the studio. They leave the address at once, and stay in the tab.

import { TabMemory, secretsIn } from '../../../rooms/js/road/admission.js';

// No room has a name with a slash, so the rooms' own memories keep their keys.
const STATION = 'studio/';

/**
 * Takes the secrets out of the page's address.
 * @param {Location} location
 * @param {History} history
 * @returns {TabMemory} what the tab keeps for the whole studio: the token or the invite
 */
export function takeSecrets(location, history) {
  const memory = new TabMemory(STATION);
  const { invite, token, cleanAddress } = secretsIn(location.href);
  if (invite === null && token === null) return memory;
  history.replaceState(null, '', cleanAddress);
  // A new link is a new admission.
  memory.keep({ invite, token });
  return memory;
}

/** What the tab keeps for one stream: the member's session and name, and since when the person has been on the air. */
export const memoryOf = (stream) => new TabMemory(STATION + stream);
