// Builds the studio from its parts.

import { startLanguage } from '../../js/language/page.js';
import { languageChanges, text } from '../../js/language/texts.js';
import { icon, setText, setWords } from '../../rooms/js/chat/elements.js';
import { rememberName, rememberedName } from '../../rooms/js/room/remembered-name.js';
import { Sheet } from '../../rooms/js/room/sheet.js';
import { errorSentence } from '../../rooms/js/text/sentences.js';
import { Audience } from './desk/audience.js';
import { Desk } from './desk/desk.js';
import { listenersText, musicSentence } from './desk/facts.js';
import { connectKeys } from './desk/keys.js';
import { makeTitleForm } from './desk/title-form.js';
import { addressesOf, placeOf, stationAddresses } from './entry/addresses.js';
import { memoryOf, takeSecrets } from './entry/admission.js';
import { Places } from './entry/places.js';
import { noStreamSentence, refusalSentence } from './entry/sentences.js';
import { chosenStream } from './entry/streams.js';
import { StudioRequests } from './entry/studio-requests.js';

const find = (id) => document.getElementById(id);
const secrets = takeSecrets(location, history);
/** The first answer and the texts come at the same time. */
const language = startLanguage();
/** The name of a person who has given none. The others read this name in the language of this page. */
const defaultName = () => text('studio.default-name');

const { root, stream: wantedStream } = placeOf(location.href);
const station = stationAddresses(root);
let requests;
let desk = null;

const places = new Places(find, root, {
  onToken(token) {
    secrets.keep({ token, invite: null });
    open();
  },
  onAgain: () => location.reload(),
});

/** Finds out which streams the person may go live on. */
async function open() {
  const { token, invite } = secrets.kept;
  // The words of the door are in the HTML.
  if (!token && !invite) return places.showDoor();
  requests = new StudioRequests(station, { token, invite });
  let streams;
  try {
    streams = await requests.streams();
    await language;
  } catch (refusal) {
    await language;
    const words = () => refusalSentence(refusal.kind);
    return refusal.kind === 'secret' ? places.showDoor(words) : places.showWait(words, true);
  }
  const choice = chosenStream(streams, wantedStream);
  switch (choice.place) {
    case 'desk': return openDesk(choice.stream);
    case 'no-room': return places.showNoRoom(choice.stream, streams.length > 1);
    case 'choice': return places.showChoice(choice.streams);
    default: return places.showWait(() => noStreamSentence(wantedStream), true);
  }
}

function openDesk(stream) {
  const addresses = addressesOf(root, stream.name);
  const { token, invite } = secrets.kept;
  const memory = memoryOf(stream.name);
  setText(find('stream'), stream.name);
  find('stream').hidden = find('listen').hidden = false;
  find('listen').href = addresses.listeners;
  desk = new Desk(find, { stream, root, secrets: token ? { token } : { invite }, memory }, {
    sheet: new Sheet(find('sheet')),
    onName: rememberName,
    onInside: enterDesk,
    onOutside: (status) => leaveDesk(status, memory),
  });
  showProgramme(stream, addresses);
  connectKeys({ mute: () => desk.toggleMute(), write: () => desk.focusChat(), leave: () => find('log').focus() });
  new Audience(() => requests.listeners(stream.name), (count) => setText(find('listeners'), listenersText(count))).start();
  desk.join(memory.kept.name || rememberedName() || defaultName());
  desk.rehearse();
}

languageChanges.addEventListener('change', () => desk?.showAgain());

function enterDesk() {
  if (document.body.dataset.place === 'desk') return;
  places.showDesk();
  find('go').focus();
}

/** The room does not let the page in, or no longer does. */
function leaveDesk({ error }, memory) {
  // Another person of that name was faster.
  if (error?.code === 'name_taken') return desk.join(error.suggestion ?? `${defaultName()} ${Math.floor(Math.random() * 1000)}`);
  if (['wrong_token', 'not_admitted', 'expired_invite', 'forged_invite'].includes(error?.code)) {
    memory.keep({ session: null });
    return places.showDoor(() => errorSentence(error));
  }
  return places.showWait(() => errorSentence(error), true);
}

function showProgramme(stream, addresses) {
  setWords(find('music'), () => musicSentence(stream));
  find('music').hidden = musicSentence(stream) === '';
  const form = makeTitleForm(find, (title) => requests.setTitle(addresses.title, title));
  form.show(stream.title ?? '');
}

for (const button of document.querySelectorAll('[data-icon]')) button.prepend(icon(button.dataset.icon));
open();

/** The page's state, for tests and for curious people. */
window.ringcast = { snapshot: () => ({ place: document.body.dataset.place, ...desk?.snapshot() }) };
