// Joins a room of Janus' AudioBridge with the microphone, and plays the mix. `state` tells how far this has come.

const parameters = new URLSearchParams(location.search);
const socket = new WebSocket(`ws://127.0.0.1:${parameters.get('port')}`, 'janus-protocol');
const waiting = new Map();
let path = {};
window.state = 'connecting';

// Sends a request, and waits for its answer: the first that is no acknowledgement.
const request = (message) => new Promise((resolve) => {
  const transaction = String(Math.random());
  waiting.set(transaction, resolve);
  socket.send(JSON.stringify({ ...path, ...message, transaction }));
});

socket.onmessage = ({ data }) => {
  const message = JSON.parse(data);
  if (message.janus === 'ack' || !waiting.has(message.transaction)) return;
  waiting.get(message.transaction)(message);
  waiting.delete(message.transaction);
};

socket.onopen = async () => {
  path = { session_id: (await request({ janus: 'create' })).data.id };
  setInterval(() => request({ janus: 'keepalive' }), 20_000);
  path.handle_id = (await request({ janus: 'attach', plugin: 'janus.plugin.audiobridge' })).data.id;
  await request({ janus: 'message', body: { request: 'join', room: Number(parameters.get('room')) } });
  // The echo canceller is on, as in a conversation. Noise suppression and gain control would change the signal.
  const audio = { echoCancellation: true, noiseSuppression: false, autoGainControl: false };
  const stream = await navigator.mediaDevices.getUserMedia({ audio });
  const connection = new RTCPeerConnection();
  connection.ontrack = ({ streams }) => { document.querySelector('audio').srcObject = streams[0]; };
  connection.oniceconnectionstatechange = () => { window.state = connection.iceConnectionState; };
  connection.onicecandidate = ({ candidate }) =>
    request({ janus: 'trickle', candidate: candidate ?? { completed: true } });
  for (const track of stream.getTracks()) connection.addTrack(track, stream);
  await connection.setLocalDescription();
  const { jsep } = await request({
    janus: 'message', body: { request: 'configure', muted: false }, jsep: connection.localDescription.toJSON(),
  });
  await connection.setRemoteDescription(jsep);
};
