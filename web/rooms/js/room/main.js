// Builds the page of a room from its parts.

import { startLanguage } from '../../../js/language/page.js';
import { languageChanges, text } from '../../../js/language/texts.js';
import { BoardView } from '../chat/board-view.js';
import { ChatView } from '../chat/chat-view.js';
import { makeComposer } from '../chat/composer.js';
import { icon, setText } from '../chat/elements.js';
import { TabMemory, secretsIn } from '../road/admission.js';
import { RoomConnection } from '../road/connection.js';
import { roomNameIn, roomURLs } from '../road/room-urls.js';
import { RETURN_SECONDS, RoomState } from '../state/room-state.js';
import { Unread } from '../state/unread.js';
import { typingSentence } from '../text/sentences.js';
import { CallLoader } from './call-loader.js';
import { makeDoor } from './door.js';
import { makeHeaderView } from './header-view.js';
import { connectKeys } from './keyboard.js';
import { makeLiveRegions } from './live-regions.js';
import { openMemberSheet } from './member-sheet.js';
import { makeMembersView } from './members-view.js';
import { PlaceView } from './place-view.js';
import { watchPresence } from './presence.js';
import { rememberName, rememberedName } from './remembered-name.js';
import { openInvite, openNameForm, openRoomSheet } from './room-sheet.js';
import { Sheet } from './sheet.js';
import { TalkLoader } from './talk-loader.js';
import { followViewport } from './viewport.js';

const find = (id) => document.getElementById(id);
const roomName = roomNameIn(location.href);
const urls = roomURLs(roomName, new URL('.', location.href));
const memory = new TabMemory(roomName);

// The secrets leave the address, so that neither the history nor a copied address keeps them.
const { invite, token, cleanAddress } = secretsIn(location.href);
if (invite !== null || token !== null) {
  history.replaceState(null, '', cleanAddress);
  // A new link is a new admission.
  memory.keep({ session: null, ...(invite !== null && { invite }), ...(token !== null && { token }) });
}
await startLanguage();

const connection = new RoomConnection(urls, helloOf(memory.kept), (session) => memory.keep({ session }));
const state = new RoomState();
const unread = new Unread();
/** The number of the message that this tab has seen last, before the page was loaded again. */
const { lastSeen } = memory.kept;
/** The own wish, which a server that has started again does not know. */
let wantsMute = false;

function helloOf({ session, invite, token }) {
  const secrets = Object.entries({ session, invite, token }).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(secrets), capabilities: { calls: 'RTCPeerConnection' in window } };
}

/** The members whose level this host has told the mixer to keep as it is. */
const keptLevels = new Set();

const now = () => new Date().toISOString();
const send = (message) => connection.send(message);

// The parts of the page.

const sheet = new Sheet(find('sheet'));
const header = makeHeaderView(find);
const liveRegions = makeLiveRegions(find('announcer'), find('count-announcer'));
const call = new CallLoader(find, {
  send, members: () => [...state.members.values()], you: () => state.you?.id ?? null,
});
const voices = new TalkLoader(find, {
  connection, state, base: new URL('..', location.href).href, invite: memory.kept.invite,
  onChange: () => { if (state.you !== null) render(['members']); },
  onVoices: (talkers) => renderMembers.showVoices(talkers),
  leaveText: () => find('log').focus(),
});
const chat = new ChatView(find('log'), {
  names: () => state.names,
  ownName: () => state.you?.name ?? null,
  mayDelete: (entry) => entry.isOwn || state.isHost,
  onDelete: ({ id }) => sheet.confirm(
    text('room.delete-question'), text('common.delete'), () => send({ type: 'delete', message: id })),
});
const board = new BoardView(find('board'), {
  onVote(poll, choice) {
    send({ type: 'vote', poll, choice });
    render(state.noteVote(poll, choice));
  },
  onEnd: ({ poll }) => send({ type: 'event', event: { type: 'poll', poll, open: false } }),
});
const composer = makeComposer(find('composer'), {
  names: () => state.names.filter((name) => name !== state.you?.name),
  onSend(text) {
    send({ type: 'chat', text, nonce: Math.random().toString(36).slice(2) });
    chat.showEnd();
    render(['entries']);
  },
  onTyping: (on) => send({ type: 'typing', on }),
});
const renderMembers = makeMembersView(find('members'), (id) => {
  const member = state.members.get(id);
  if (member === undefined) return;
  openMemberSheet(sheet, member, {
    isYou: id === state.you.id, isHost: state.isHost, isSource: state.isSource, onRename: rename,
    ridesGain: !keptLevels.has(id),
    onMention: () => { showMembers(false); composer.mention(member.name); },
    host(action, more) {
      if (action === 'gain') keptLevels[more.on ? 'delete' : 'add'](id);
      send({ type: 'host', action, ...more });
    },
  });
});
const place = new PlaceView(find, {
  door: makeDoor(find, (name, token) => {
    rememberName(name);
    if (token !== '') memory.keep({ token });
    connection.join(name, token);
  }),
  name: () => memory.kept.name ?? rememberedName(),
  onInside() {
    // On a phone, the focus in the field would bring up the on-screen keyboard.
    if (matchMedia('(pointer: coarse)').matches) find('log').focus();
    else composer.focus();
  },
  onOutside() {
    if (sheet.isOpen) sheet.close();
    call.hangUp();
    voices.hangUp();
  },
});

// The messages of the server.

connection.addEventListener('status', () => place.show(connection.status));
connection.addEventListener('message', ({ message }) => {
  switch (message.type) {
    case 'welcome': enter(message); break;
    case 'invite': openInvite(sheet, message); break;
    case 'moved': location.assign(new URL(message.url, location.href)); break;
    case 'error': refuse(message); break;
    default: render(state.handle(message, now()));
  }
  call.tell(message);
});

function refuse(error) {
  place.showError(error);
  if (error.refused) composer.giveBack(error.refused.text);
  render(['entries']);
}

function enter(welcome) {
  const isFirst = state.you === null;
  const changed = state.handle(welcome, now());
  memory.keep({ name: welcome.you.name });
  if (isFirst && lastSeen !== undefined) unread.resume(lastSeen, state.entries);
  if (state.you.away !== presence.isAway()) send({ type: 'away', on: presence.isAway() });
  if (wantsMute && !voices.isInUse && !state.you.muted) send({ type: 'mute', on: true });
  if (state.hasReturning) setTimeout(() => render(state.giveUp(now())), 1000 * RETURN_SECONDS);
  render(changed);
}

// The view.

const renderers = {
  entries() {
    unread.update(state.entries);
    liveRegions.noteEntries(state.entries);
    chat.render(state.entries, { firstUnreadKey: unread.firstKey, unconfirmed: connection.unconfirmed });
    header.showUnread(roomName, unread, chat.isAtEnd);
    const seen = unread.count === 0 ? state.entries.findLast(({ id }) => id !== null) : undefined;
    if (seen !== undefined) memory.keep({ lastSeen: seen.id });
  },
  members() {
    renderMembers(state.membersInOrder, state.you.id);
    header.showMembers(ownState(), state.isTalker, state.members.size);
    setText(find('typing'), typingSentence(state.typingNames));
    liveRegions.noteCount(state.members.size);
  },
  room() {
    header.showRoom(state.room);
    const voicesShown = state.room.voices ? voices.open() : Promise.resolve();
    if (state.room.calls) call.open(voicesShown);
  },
  board: () => board.render(state),
};

/** The own member. The page knows its microphone earlier than the server. */
function ownState() {
  return voices.isInUse ? { ...state.you, muted: !voices.talk.session.isOpen } : state.you;
}

/** @param {import('../state/room-state.js').Part[]} changed */
function render(changed) {
  for (const part of new Set(changed)) renderers[part]();
}

/** Whether the person sees the newest messages has changed. */
function look() {
  unread.look(!document.hidden && chat.isAtEnd, state.entries);
  if (state.you !== null) render(['entries']);
}

// The place of the page stays, and so does the focus. The sentences about the connection follow the language by themselves.
languageChanges.addEventListener('change', () => {
  if (state.you !== null) render(['entries', 'members', 'board']);
});

// The actions of the person.

function toggleHand() {
  if (state.you !== null) send({ type: 'hand', up: !state.you.hand });
}

function toggleMute() {
  if (!state.isTalker) return;
  if (voices.isInUse) return voices.talk.toggleMute();
  wantsMute = !state.you.muted;
  send({ type: 'mute', on: wantsMute });
}

function rename() {
  openNameForm(sheet, state.you.name, (name) => {
    rememberName(name);
    memory.keep({ name });
    send({ type: 'name', name });
  });
}

function showMembers(isShown) {
  document.body.classList.toggle('shows-members', isShown);
  find('people').setAttribute('aria-expanded', String(isShown));
  if (isShown) find('members').querySelector('button')?.focus();
}

function agree(on) {
  if (voices.talk !== null) voices.talk.session.agree(on);
  else send({ type: 'agree', on });
}

function showSettings() {
  const shown = { room: state.room, you: state.you, isHost: state.isHost, road: connection.status.road, address: urls.page };
  openRoomSheet(sheet, shown, { send, rename, agree, leave: () => connection.leave() });
}

find('hand').addEventListener('click', toggleHand);
find('microphone').addEventListener('click', toggleMute);
find('people').addEventListener('click', () => showMembers(!document.body.classList.contains('shows-members')));
find('settings').addEventListener('click', showSettings);
find('newest').addEventListener('click', () => { chat.showEnd(); look(); composer.focus(); });
chat.addEventListener('end', look);
connectKeys({
  write: () => { showMembers(false); composer.focus(); },
  'leave-text': () => find('log').focus(),
  hand: toggleHand,
  mute: toggleMute,
});
const presence = watchPresence({
  onLook: look,
  onVisible: () => connection.noteVisible(),
  onOnline: () => connection.noteOnline(),
  onAway(on) {
    if (state.you !== null) send({ type: 'away', on });
  },
});
followViewport();

// The start.

for (const button of document.querySelectorAll('[data-icon]')) button.prepend(icon(button.dataset.icon));
setText(find('room-name'), roomName);
header.showUnread(roomName, unread, true);
// A page that was loaded again is the same member, without a question.
if (memory.kept.session !== undefined && memory.kept.name !== undefined) connection.join(memory.kept.name);
else place.show(connection.status);

/** The page's state, for tests and for curious people. */
window.ringcast = {
  snapshot: () => ({
    ...connection.status, voice: voices.talk?.session.figures ?? null, you: state.you, names: state.names, unread: unread.count,
    entries: state.entries.map(({ kind, name, text }) => ({ kind, name, text })),
  }),
};
