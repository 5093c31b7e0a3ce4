// The first road: a WebSocket.

const SUBPROTOCOL = 'ringcast.room.1';
/** Some proxies neither answer nor refuse the handshake. */
const HANDSHAKE_SECONDS = 6;

/**
 * @typedef {object} RoadClient receives what happens on a road, until the road's `close`
 * @property {() => void} onOpen the road can carry messages
 * @property {(message: object) => void} onMessage
 * @property {(packet: ArrayBuffer) => void} [onSound] gets each binary message. Only a WebSocket has such.
 * @property {(loss: import('./road-choice.js').Loss & {code: number}) => void} onClose `code` as of a WebSocket's close
 *
 * @typedef {object} Road
 * @property {(message: object) => void} send
 * @property {() => void} close
 * @property {(packet: ArrayBuffer) => void} [sendSound] undefined where the road carries no sound
 * @property {number} [waitingBytes] those that wait in this page for the network
 */

/**
 * @param {{socket: string}} urls
 * @param {RoadClient} client
 * @returns {Road}
 */
export function openSocketRoad(urls, client) {
  const socket = new WebSocket(urls.socket, [SUBPROTOCOL]);
  socket.binaryType = 'arraybuffer';
  let worked = false;
  const close = () => {
    clearTimeout(timer);
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  };
  const lose = (code) => {
    close();
    client.onClose({ code, worked, reached: worked });
  };
  const timer = setTimeout(lose, HANDSHAKE_SECONDS * 1000, 1006);
  socket.onopen = () => {
    clearTimeout(timer);
    client.onOpen();
  };
  socket.onmessage = ({ data }) => {
    if (typeof data !== 'string') return client.onSound?.(data);
    // A proxy that only pretends to know WebSockets sends nothing that is a message.
    const message = parsed(data);
    if (message === null) return;
    worked = true;
    client.onMessage(message);
  };
  socket.onclose = ({ code }) => lose(code);
  return {
    send: (message) => socket.send(JSON.stringify(message)),
    close,
    sendSound: (packet) => socket.send(packet),
    get waitingBytes() {
      return socket.bufferedAmount;
    },
  };
}

function parsed(data) {
  try {
    return JSON.parse(data);
  } catch {
    return null;
  }
}
