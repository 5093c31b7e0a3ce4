// Puts the operators' page together.

import { now } from '../js/net/clock.js';
import { animate } from '../js/drawing/animation.js';
import { withToken, withoutToken } from '../js/page/stream-urls.js';
import { overviewOf, overviewOfFailure } from './overview.js';
import { Poller } from './poller.js';
import { LoudnessHistory, loudnessOf, recordedFraction } from './loudness-history.js';
import { RingView } from './ring-view.js';
import { makeView } from './view.js';

const find = (id) => document.getElementById(id);
const token = new URLSearchParams(location.search).get('token');
const url = new URL('status', location.href);
if (token !== null) {
  url.searchParams.set('token', token);
  // It is not for the history; the server has the browser keep it.
  history.replaceState(null, '', withoutToken(location));
}
find('token-form').addEventListener('submit', (event) => {
  event.preventDefault();
  location.replace(withToken(location, find('token').value));
});

const poller = new Poller(url.href);
const loudness = new LoudnessHistory();
const ring = new RingView(find('ring'), loudness);
const view = makeView(find);
/** The latest status, and when it came; null where there is none. */
let latest = null;

poller.addEventListener('status', ({ status }) => {
  document.title = `${status.stream.stream} · ringcast status`;
  // A server that was started anew counts from the beginning.
  const before = latest && latest.status.uptime <= status.uptime ? latest.status : null;
  latest = { status, at: now() };
  view.overview(overviewOf(status));
  view.status(status, before);
  const { recording } = status.ring;
  if (recording) loudness.note(recording.sequence, recordedFraction(status, 0), loudnessOf(status.stream));
  ring.update(status.ring, status.stream.ringSize);
  draw();
});
poller.addEventListener('failure', ({ error }) => view.overview(overviewOfFailure(error, token !== null)));

function draw() {
  if (latest?.status.ring.recording) {
    ring.draw(latest.status.ring.recording.sequence, recordedFraction(latest.status, now() - latest.at));
  }
}

/** Seconds between two pictures of the ring: it moves slowly. */
const FRAME_SECONDS = 1 / 20;

animate(draw, FRAME_SECONDS);

document.addEventListener('visibilitychange', () => {
  if (document.hidden) poller.pause();
  else poller.resume();
});
if (document.hidden) poller.pause();
poller.run();
