// Builds the page of the recordings, and keeps the list up to date.

import { make, setKey, setText, setWords } from '../../js/elements/elements.js';
import { startLanguage } from '../../js/language/page.js';
import { languageChanges, text } from '../../js/language/texts.js';
import { withToken, withoutToken } from '../../js/page/stream-urls.js';
import { RecordingRow } from './recording-row.js';
import { UploadRow } from './upload-row.js';
import { headline, podcasts, recordingURLs } from './words.js';

const TEXTS = {
  podcast: (stream) => text('shelf.podcast', { stream }),
};

/** Milliseconds between two looks at the list. */
const INTERVAL = 15_000;

const find = (id) => document.getElementById(id);
const urls = recordingURLs(location);
const hasToken = new URLSearchParams(location.search).has('token');
/** One element plays: a recording that begins ends the one before. */
const audio = make('audio', { controls: true, preload: 'none' });
/** @type {Map<string, RecordingRow>} */
let rows = new Map();
const operator = urls.isOperator ? { token: urls.token, onChange: () => load() } : null;
let isFetching = false;
/** The latest list; null before the first. */
let latest = null;

// Neither the history nor a link that is copied from the address bar keeps the token.
if (hasToken) history.replaceState(null, '', withoutToken(location));
/** The list and the texts come at the same time. */
const language = startLanguage();
if (operator) {
  setKey(document.querySelector('label[for="token"]'), 'studio.token');
  setKey(find('hint'), 'shelf.operator-hint');
}

const rowOf = (recording) => (recording.upload ? new UploadRow(recording, urls.list, audio)
  : new RecordingRow(recording, urls, audio, operator));

function show(recordings) {
  latest = recordings;
  setWords(find('headline'), () => headline(recordings));
  const next = new Map(recordings.map((recording) => [
    recording.id, rows.get(recording.id) ?? rowOf(recording)]));
  for (const recording of recordings) next.get(recording.id).update(recording);
  // A row that stays is not moved: the sound and the focus in it go on. The recording that plays outlives its file, until
  // another one plays.
  for (const [id, row] of rows) if (!next.has(id) && !row.isChosen) row.remove();
  let before = find('recordings').firstElementChild;
  for (const { element } of next.values()) {
    if (element === before) before = before.nextElementSibling;
    else find('recordings').insertBefore(element, before);
  }
  for (const [id, row] of rows) {
    if (next.has(id) || !row.isChosen) continue;
    row.update();
    next.set(id, row);
  }
  rows = next;
  const feeds = podcasts(recordings);
  find('podcasts').hidden = feeds.length === 0;
  find('podcasts').replaceChildren(
    ...feeds.map((stream) => make('a', { href: urls.feed(stream) }, TEXTS.podcast(stream))));
  drawWaveforms();
}

/** One after the other: the server computes a waveform that nobody has asked for before. */
async function drawWaveforms() {
  if (isFetching) return;
  isFetching = true;
  for (const [id, row] of rows) {
    if (!row.wantsPeaks || document.hidden) continue;
    try {
      const answer = await fetch(urls.peaks(id));
      if (answer.ok) row.showPeaks(await answer.arrayBuffer());
    } catch {
      // The next look at the list tries again.
      break;
    }
  }
  isFetching = false;
}

async function load() {
  let trouble = '';
  try {
    const answer = await fetch(urls.list, { cache: 'no-cache' });
    await language;
    find('token-form').hidden = answer.status !== 401;
    find('hint').hidden = answer.status === 401;
    if (answer.ok) show((await answer.json()).recordings);
    else if (answer.status !== 401) trouble = 'recordings.trouble';
    else {
      setKey(find('headline'), 'common.token-needed');
      if (hasToken) trouble = 'recordings.bad-token';
    }
  } catch {
    await language;
    trouble = 'common.no-answer';
  }
  find('trouble').hidden = trouble === '';
  if (trouble === '') setText(find('trouble'), '');
  else setKey(find('trouble'), trouble);
}

find('token-form').addEventListener('submit', (event) => {
  event.preventDefault();
  location.assign(withToken(location, find('token').value.trim()));
});
languageChanges.addEventListener('change', () => { if (latest !== null) show(latest); });
document.addEventListener('visibilitychange', () => { if (!document.hidden) load(); });
setInterval(() => { if (!document.hidden && find('token-form').hidden) load(); }, INTERVAL);
load();
