// The URLs of a room.

/**
 * @param {string} name of the room
 * @param {string} base the URL of the list of rooms, which ends in a slash
 * @returns {{page: string, socket: string, messages: string}} absolute URLs
 */
export function roomURLs(name, base) {
  const room = new URL(encodeURIComponent(name), base).href;
  return { page: room, socket: `${room.replace(/^http/, 'ws')}/socket`, messages: `${room}/messages` };
}

/** The name of the room whose page is at `address`. */
export const roomNameIn = (address) => decodeURIComponent(new URL(address).pathname.split('/').at(-1));
