// Builds the operators' page from its parts.

import { animate } from '../js/drawing/animation.js';
import { startLanguage } from '../js/language/page.js';
import { languageChanges, text } from '../js/language/texts.js';
import { now } from '../js/net/clock.js';
import { withToken, withoutToken } from '../js/page/stream-urls.js';
import { LoudnessHistory, loudnessOf, recordedFraction } from './loudness-history.js';
import { overviewOf, overviewOfFailure } from './overview.js';
import { Poller } from './poller.js';
import { RingView } from './ring-view.js';
import { RoomRequests } from './room-requests.js';
import { RoomsView } from './rooms-view.js';
import { StreamRequests } from './stream-requests.js';
import { StreamsView } from './streams-view.js';
import { UploadRequests } from './uploads.js';
import { UploadsView } from './uploads-view.js';
import { makeView } from './view.js';

const find = (id) => document.getElementById(id);
const token = new URLSearchParams(location.search).get('token');
const url = new URL('status', location.href);
if (token !== null) {
  url.searchParams.set('token', token);
  // The token leaves the address, so that the history does not keep it. The server has the browser keep the token.
  history.replaceState(null, '', withoutToken(location));
}
/** The first status and the texts come at the same time. */
const language = startLanguage();
find('token-form').addEventListener('submit', (event) => {
  event.preventDefault();
  location.replace(withToken(location, find('token').value));
});

const poller = new Poller(url.href, language);
const loudness = new LoudnessHistory();
const ring = new RingView(find('ring'), loudness);
const view = makeView(find);
const rooms = new RoomsView(find, new RoomRequests(location.href, token));
const streams = new StreamsView(find, new StreamRequests(location.href, token));
const uploads = new UploadsView(find, new UploadRequests(location.href, token));
/** The latest status and the time when it came; null before the first. */
let latest = null;

poller.addEventListener('status', ({ status }) => {
  document.title = text('status.title', { stream: status.stream.stream });
  // A restarted server counts from zero, so its numbers can't be compared with the earlier ones.
  const before = latest && latest.status.uptime <= status.uptime ? latest.status : null;
  latest = { status, at: now() };
  failure = null;
  view.overview(overviewOf(status));
  view.status(status, before);
  rooms.update(status);
  streams.update(status);
  uploads.update(status);
  const { recording } = status.ring;
  if (recording) loudness.note(recording.sequence, recordedFraction(status, 0), loudnessOf(status.stream));
  ring.update(status.ring, status.stream.ringSize);
  draw();
});
/** The error of the latest request; null where it has succeeded. */
let failure = null;
const showFailure = () => view.overview(overviewOfFailure(failure, token !== null));
poller.addEventListener('failure', ({ error }) => {
  failure = error;
  showFailure();
});
// No further status comes where the server asks for a token.
languageChanges.addEventListener('change', () => { if (failure !== null) showFailure(); });

function draw() {
  if (latest?.status.ring.recording) {
    ring.draw(latest.status.ring.recording.sequence, recordedFraction(latest.status, now() - latest.at));
  }
}

/** The time between two drawings of the ring, which moves slowly. */
const FRAME_SECONDS = 1 / 20;

animate(draw, FRAME_SECONDS);

document.addEventListener('visibilitychange', () => {
  if (document.hidden) poller.pause();
  else poller.resume();
});
if (document.hidden) poller.pause();
poller.run();
