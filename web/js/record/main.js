// The page that records: it checks the microphone, records, and sends each second while the person speaks.

import { rememberVoice, rememberedVoice } from '../../rooms/js/talk/remembered-voice.js';
import { secureAddress } from '../../rooms/js/talk/secure-address.js';
import { Microphone } from '../../rooms/js/voice/microphone.js';
import { SoundContext } from '../../rooms/js/voice/sound-context.js';
import { WakeLock } from '../../rooms/js/voice/wake-lock.js';
import { setText, setWords } from '../elements/elements.js';
import { startLanguage } from '../language/page.js';
import { languageChanges } from '../language/texts.js';
import { withToken } from '../page/stream-urls.js';
import { duration } from '../page/text.js';
import { BoothView } from './booth-view.js';
import { recorderType } from './recorder-type.js';
import { askRights, credentialsIn, rootOf } from './rights.js';
import { Sender } from './sender.js';
import { FileTake, Take, newKey } from './take.js';
import { heldTake, holdTake } from './take-lock.js';
import { openStore } from './take-store.js';
import { TakeRecorder } from './take-recorder.js';
import { WORDS } from './words.js';

const RETRY_MS = 3000;
const PROCESSING_MS = 1000;

const find = (id) => document.getElementById(id);
const root = rootOf(location);
const storage = (() => { try { return sessionStorage; } catch { return null; } })();
const { token, headers, clean } = credentialsIn(location, storage);
// Neither the history nor a link that is copied from the address bar keeps the secrets.
if (clean !== location.href) history.replaceState(null, '', clean);

await startLanguage();
const { id, mode } = rememberedVoice();
const microphone = new Microphone({ media: navigator.mediaDevices, context: new SoundContext(), id, mode });
const wakeLock = new WakeLock();
const view = new BoothView(find, microphone);
let store;
let rights;
let place = 'waiting';
let take = null;
let recorder = null;
let sender = null;
let isBeginning = false;
/** Lets other tabs have the take. */
let letGo = () => {};

/** @param {string} next place @param {(() => string)?} hint instead of the plain one of the place */
function go(next, hint = null) {
  const { activeElement } = document;
  place = next;
  document.body.dataset.place = next;
  setWords(find('headline'), () => WORDS.headline(next));
  setWords(find('hint'), hint ?? (() => WORDS.hint(next)));
  find('booth').hidden = !['check', 'recording', 'paused'].includes(next);
  find('review').hidden = next !== 'review';
  find('progress').hidden = !['sending', 'sent'].includes(next);
  find('file-line').hidden = next !== 'check';
  find('token-form').hidden = next !== 'locked';
  wakeLock.want(['recording', 'sending'].includes(next));
  view.show(place, microphone, recorder);
  // The keyboard goes on at the headline where its place is gone.
  if (activeElement !== document.body && activeElement?.getClientRects().length === 0) find('headline').focus();
}

languageChanges.addEventListener('change', () => {
  view.show(place, microphone, recorder);
  showProgress();
  if (place === 'review') find('name').placeholder = WORDS.defaultName(take.facts.started);
});

/** @param {(() => string) | string?} words a function's follow the language; none where there is no trouble */
function complain(words) {
  find('trouble').hidden = !words;
  if (typeof words === 'function') setWords(find('trouble'), words);
  else setText(find('trouble'), words ?? '');
}

const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

/** Statuses after which another try fails in the same way. */
const HOPELESS = [403, 413, 415];

/** The sound begins to go to the station at once, and ends when the person sends it. */
function startSender() {
  const url = new URL(`recordings/uploads/${take.facts.sendKey ?? take.key}`, root).href;
  const sent = take;
  sender = new Sender(sent, { url, headers });
  sender.addEventListener('progress', showProgress);
  sender.addEventListener('done', async ({ answer }) => {
    await sent.remove();
    if (sent === take) follow(url, answer);
  });
  sender.addEventListener('refused', async ({ status }) => {
    if (sent !== take) return;
    if (status === 410) {
      // The station has finished what it had. Everything goes there again, under another name.
      await sent.update({ sendKey: newKey() });
      if (sent === take) startSender();
      return;
    }
    complain(() => WORDS.refused(status));
    if (place === 'sending') go(sent instanceof FileTake ? 'check' : 'review');
    find('send').disabled = HOPELESS.includes(status);
  });
  sender.run();
}

function showProgress() {
  if (!take || !sender) return;
  const share = sender.offset === null || take.size === 0 ? 0 : Math.min(1, sender.offset / take.size);
  const made = recorder?.seconds ?? take.facts.seconds;
  const line = sender.isWaiting ? WORDS.waitingLine(made * (1 - share)) : WORDS.goodLine(take.facts.seconds * share, made);
  setText(find('line'), take.size > 0 || sender.isWaiting ? line : '');
  if (place === 'sending') {
    find('bar').value = share;
    setText(find('progress-text'), sender.isWaiting ? line : WORDS.sendingShare(share));
  }
}

/** Shows how the station prepares the recording. */
async function follow(url, answer) {
  go('sent');
  find('another').hidden = false;
  while (place === 'sent') {
    try {
      const response = await fetch(url, { headers, cache: 'no-store' });
      const { state, progress = null, url: file } = response.ok ? await response.json() : { state: 'ready', url: answer.url };
      const isReady = state !== 'processing';
      if (isReady) find('bar').value = 1;
      else if (progress === null) find('bar').removeAttribute('value');
      else find('bar').value = progress;
      const end = () => `${WORDS.ready} ${rights.published ? WORDS.published : WORDS.unpublished}`;
      setWords(find('progress-text'), isReady ? end : () => WORDS.processing(progress));
      // A link shows no invite.
      find('listen').hidden = !isReady || Object.keys(headers).length > 0;
      // The station may be in a folder of another server.
      find('listen').href = new URL(file.replace(/^\//, ''), root).href;
      if (isReady) return;
    } catch {
      // The next look tells.
    }
    await pause(PROCESSING_MS);
  }
}

/** @param {() => string} [hint] instead of the plain one */
async function review(hint) {
  await take.kept();
  const player = find('player');
  URL.revokeObjectURL(player.src);
  try {
    player.src = URL.createObjectURL(await take.read(0));
  } catch {
    // The store does not give the sound now. The sender tries again and again.
    player.removeAttribute('src');
  }
  find('name').value = take.facts.name;
  find('name').placeholder = WORDS.defaultName(take.facts.started);
  find('send').disabled = false;
  go('review', hint);
}

function forget() {
  letGo();
  letGo = () => {};
  take = sender = recorder = null;
  find('another').hidden = true;
  setText(find('line'), '');
  complain(null);
  go('check');
}

async function record() {
  // A second press may come before the first one has shown anything.
  if (!microphone.track || isBeginning) return;
  isBeginning = true;
  try {
    await beginRecording(microphone.track);
  } finally {
    isBeginning = false;
  }
}

async function beginRecording(track) {
  const type = recorderType(rights.formats, (type) => MediaRecorder.isTypeSupported(type));
  const key = newKey();
  letGo = await holdTake(key) ?? letGo;
  take = new Take({ key, type, started: Date.now(), seconds: 0, name: '', isEnded: false, isWanted: false }, store);
  take.addEventListener('unkept', () => complain(() => WORDS.unkept));
  await take.update({});
  recorder = new TakeRecorder(track, take);
  recorder.addEventListener('lost', () => complain(() => WORDS.lostPiece));
  recorder.addEventListener('ended', async () => {
    recorder = null;
    if (take.size > 0) return review();
    sender.stop();
    await take.remove();
    forget();
  });
  recorder.start();
  startSender();
  go('recording');
}

async function send() {
  go('sending');
  // The station has refused something before: this is another try.
  if (sender.isOver) {
    complain(null);
    startSender();
  }
  await take.update({ name: find('name').value.trim() || WORDS.defaultName(take.facts.started), isWanted: true });
  showProgress();
}

async function discard() {
  if (!confirm(WORDS.discard)) return;
  await sender.drop();
  await take.remove();
  forget();
}

/** A recording that an earlier page has left. */
async function goOn() {
  const left = await heldTake(store, Date.now());
  if (left === null) return false;
  letGo = left.letGo;
  take = new Take(left.facts, store, left.sizes);
  const wasWanted = take.isWanted;
  await take.update({ isEnded: true });
  startSender();
  if (wasWanted) {
    go('sending', () => WORDS.continued);
    showProgress();
  } else {
    const { seconds } = take.facts;
    await review(() => WORDS.interrupted(seconds));
  }
  return true;
}

/** The reason for which this page cannot record, in words, or null. */
async function obstacle() {
  if (!globalThis.isSecureContext) {
    const link = await secureAddress(root, new URL(location.href), headers['Ringcast-Invite']);
    return () => (link === null ? WORDS.insecure : `${WORDS.insecure} ${WORDS.insecureLink} ${link}`);
  }
  if (!navigator.mediaDevices?.getUserMedia) return () => WORDS.noMicrophone;
  const hasRecorder = globalThis.MediaRecorder
    && recorderType(rights.formats, (type) => MediaRecorder.isTypeSupported(type)) !== null;
  return hasRecorder ? null : () => WORDS.noRecorder;
}

async function begin() {
  try {
    rights = await askRights(root, token, headers);
  } catch {
    complain(() => WORDS.noServer);
    await pause(RETRY_MS);
    return begin();
  }
  complain(null);
  if (!rights.mayUpload) {
    if (token !== null) complain(() => WORDS.wrongToken);
    return go('locked');
  }
  store = await openStore();
  const reason = await obstacle();
  if (!await goOn()) go('check');
  if (reason) complain(reason);
  view.allow(reason === null);
}

find('token-form').addEventListener('submit', (event) => {
  event.preventDefault();
  location.assign(withToken(location, find('token').value.trim()));
});
find('open-microphone').addEventListener('click', () => microphone.start());
find('record').addEventListener('click', record);
find('pause').addEventListener('click', () => {
  if (recorder.isPaused) recorder.resume();
  else recorder.pause();
  go(recorder.isPaused ? 'paused' : 'recording');
});
find('stop').addEventListener('click', () => recorder?.stop());
find('rehearse').addEventListener('click', () => microphone.hearYourself());
find('microphone').addEventListener('change', async () => {
  await microphone.start(find('microphone').value || null);
  rememberVoice({ id: microphone.id });
});
find('send-form').addEventListener('submit', (event) => {
  event.preventDefault();
  send();
});
find('discard').addEventListener('click', discard);
find('another').addEventListener('click', async () => {
  forget();
  await goOn();
});
find('file').addEventListener('change', () => {
  const [file] = find('file').files;
  if (!file) return;
  // The same file can be chosen again.
  find('file').value = '';
  if (file.size > rights.maxSize) return complain(() => WORDS.refused(413));
  complain(null);
  take = new FileTake(file, newKey());
  startSender();
  go('sending');
  showProgress();
});
microphone.addEventListener('change', () => {
  const { refusal } = microphone;
  if (refusal) complain(`${refusal.sentence} ${refusal.advice}`);
  else if (microphone.isOn) complain(take?.isKept === false ? () => WORDS.unkept : null);
  view.show(place, microphone, recorder);
});
microphone.addEventListener('notice', ({ text }) => complain(text));
setInterval(() => {
  view.draw(microphone, recorder ? duration(recorder.seconds) : '0:00');
  if (recorder) showProgress();
}, 100);
begin();
