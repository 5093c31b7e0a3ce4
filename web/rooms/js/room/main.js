// Builds the page of a room from its parts.

import { BoardView } from '../chat/board-view.js';
import { ChatView } from '../chat/chat-view.js';
import { makeComposer } from '../chat/composer.js';
import { icon, setText } from '../chat/elements.js';
import { TabMemory, secretsIn } from '../road/admission.js';
import { RoomConnection } from '../road/connection.js';
import { roomNameIn, roomURLs } from '../road/room-urls.js';
import { RETURN_SECONDS, RoomState } from '../state/room-state.js';
import { Unread } from '../state/unread.js';
import { checkedName } from '../text/names.js';
import { connectionSentence, errorSentence, typingSentence, windowTitle } from '../text/sentences.js';
import { makeDoor } from './door.js';
import { connectKeys } from './keyboard.js';
import { makeLiveRegions } from './live-regions.js';
import { openMemberSheet } from './member-sheet.js';
import { makeMembersView } from './members-view.js';
import { watchPresence } from './presence.js';
import { rememberName, rememberedName } from './remembered-name.js';
import { openInvite, openRoomSheet } from './room-sheet.js';
import { Sheet } from './sheet.js';
import { followViewport } from './viewport.js';

/** An interruption that is shorter than this is not shown. */
const PATIENCE_MS = 2000;
/** An error of the running room is shown for this long. */
const ERROR_MS = 8000;

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

const { session, invite: keptInvite, token: keptToken, lastSeen } = memory.kept;
const hello = {
  ...(session && { session }), ...(keptInvite && { invite: keptInvite }), ...(keptToken && { token: keptToken }),
  capabilities: { calls: 'RTCPeerConnection' in window },
};
const connection = new RoomConnection(urls, hello, (value) => memory.keep({ session: value }));
const state = new RoomState();
const unread = new Unread();
const liveRegions = makeLiveRegions(find('announcer'), find('count-announcer'));
const sheet = new Sheet(find('sheet'));
const send = (message) => connection.send(message);
const sendHost = (action, more) => send({ type: 'host', action, ...more });
/** Whether a focus in the field would bring up an on-screen keyboard. */
const hasTouch = matchMedia('(pointer: coarse)').matches;

const chat = new ChatView(find('log'), {
  names: () => state.names,
  ownName: () => state.you?.name ?? null,
  mayDelete: (entry) => entry.isOwn || state.isHost,
  onDelete: ({ id }) => sheet.confirm('Delete this message?', 'Delete', () => send({ type: 'delete', message: id })),
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
  if (!member) return;
  openMemberSheet(sheet, member, {
    isYou: id === state.you.id, isHost: state.isHost, host: sendHost, onMention: () => composer.mention(member.name),
    onRename: rename,
  });
});
const door = makeDoor(find, (name, value) => {
  rememberName(name);
  if (value) memory.keep({ token: value });
  connection.join(name, value);
});

// What the server says.

connection.addEventListener('message', ({ message }) => {
  switch (message.type) {
    case 'welcome': enter(message); break;
    case 'invite': openInvite(sheet, message); break;
    case 'moved': location.assign(new URL(message.url, location.href)); break;
    case 'error': showError(message); break;
    default: render(state.handle(message, new Date().toISOString()));
  }
  tellCall(message.type, message);
});
connection.addEventListener('status', showStatus);

/** The person's own wishes, which a server that has started again does not know. */
const wishes = { muted: false };

function enter(welcome) {
  const isFirst = state.you === null;
  const parts = state.handle(welcome, new Date().toISOString());
  memory.keep({ name: welcome.you.name });
  if (isFirst && lastSeen !== undefined) unread.resume(lastSeen, state.entries);
  if (state.you.away !== presence.isAway()) send({ type: 'away', on: presence.isAway() });
  if (wishes.muted && !state.you.muted) send({ type: 'mute', on: true });
  if (state.hasReturning) setTimeout(() => render(state.giveUp(new Date().toISOString())), 1000 * RETURN_SECONDS);
  render(parts);
}

let errorTimer;
function showError(error) {
  const { refused } = error;
  setText(find('trouble'), errorSentence(error) + (refused ? ` Not sent: “${refused.text}”` : ''));
  clearTimeout(errorTimer);
  errorTimer = setTimeout(showStatus, ERROR_MS);
  render(['entries']);
}

// What the page shows.

let lostTimer;
function showStatus() {
  const { phase, error } = connection.status;
  const isInside = ['joined', 'rejoining'].includes(phase);
  document.body.dataset.phase = phase;
  door.setBusy(phase === 'joining');
  if (phase === 'refused' || phase === 'ended' || phase === 'outside') leaveTo(phase, error);
  if (phase === 'joined' && document.body.dataset.place !== 'inside') comeInside();
  clearTimeout(lostTimer);
  if (!isInside) return;
  const show = () => setText(find('trouble'), connectionSentence(connection.status));
  if (phase === 'rejoining') lostTimer = setTimeout(show, PATIENCE_MS);
  else show();
}

function comeInside() {
  document.body.dataset.place = 'inside';
  door.hide();
  find('inside').hidden = false;
  find('members-panel').hidden = false;
  if (hasTouch) find('log').focus();
  else composer.focus();
}

function leaveTo(phase, error) {
  document.body.dataset.place = 'door';
  find('inside').hidden = true;
  find('members-panel').hidden = true;
  if (sheet.isOpen) sheet.close();
  call?.hangUp();
  door.show(phase, error, memory.kept.name ?? rememberedName());
}

const parts = {
  entries() {
    unread.update(state.entries);
    liveRegions.noteEntries(state.entries);
    chat.render(state.entries, { firstUnreadKey: unread.firstKey, unconfirmed: connection.unconfirmed });
    showUnread();
  },
  members() {
    const { you } = state;
    renderMembers(state.membersInOrder, you.id);
    setText(find('people-count'), String(state.members.size));
    setText(find('typing'), typingSentence(state.typingNames));
    showPressed('hand', you.hand, you.hand ? 'Lower your hand' : 'Raise your hand');
    showPressed('microphone', you.muted, you.muted ? 'Unmute yourself' : 'Mute yourself');
    find('microphone').querySelector('svg').replaceWith(icon(you.muted ? 'muted' : 'microphone'));
    find('microphone').hidden = !state.isTalker;
    liveRegions.noteCount(state.members.size);
  },
  room() {
    setText(find('room-name'), state.room.name);
    find('air').hidden = !state.room.on_air;
    document.body.classList.toggle('is-locked', state.room.locked);
    openCall();
  },
  board() {
    board.render(state);
  },
};

function render(changed) {
  for (const part of new Set(changed)) parts[part]();
}

function showPressed(id, isPressed, label) {
  find(id).setAttribute('aria-pressed', String(isPressed));
  setText(find(id).querySelector('.hidden'), label);
}

function showUnread() {
  document.title = windowTitle(roomName, unread.count);
  const isBelow = !chat.isAtEnd;
  find('newest').hidden = !isBelow;
  setText(find('newest'), unread.count > 0 ? `${unread.count} new ↓` : 'Newest ↓');
  find('newest').classList.toggle('mentions', unread.mentionCount > 0);
  if (unread.count === 0 && state.entries.length > 0) {
    const seen = state.entries.findLast(({ id }) => id !== null)?.id;
    if (seen !== undefined) memory.keep({ lastSeen: seen });
  }
}

function look() {
  unread.look(!document.hidden && chat.isAtEnd, state.entries);
  if (state.you !== null) render(['entries']);
}

// What the person does.

function toggleHand() {
  if (state.you) send({ type: 'hand', up: !state.you.hand });
}

function toggleMute() {
  if (!state.isTalker) return;
  wishes.muted = !state.you.muted;
  send({ type: 'mute', on: wishes.muted });
}

function rename() {
  sheet.openForm('Change your name', 'Change', [{ name: 'name', label: 'Your name', value: state.you.name }], ({ name }) => {
    const checked = checkedName(name);
    if (checked.problem !== undefined) return checked.problem;
    rememberName(checked.name);
    send({ type: 'name', name: checked.name });
    return undefined;
  });
}

function showMembers(isShown) {
  document.body.classList.toggle('shows-members', isShown);
  find('people').setAttribute('aria-expanded', String(isShown));
  if (isShown) find('members').querySelector('button')?.focus();
}

for (const button of document.querySelectorAll('[data-icon]')) button.prepend(icon(button.dataset.icon));
setText(find('room-name'), roomName);
document.title = windowTitle(roomName, 0);
find('hand').addEventListener('click', toggleHand);
find('microphone').addEventListener('click', toggleMute);
find('people').addEventListener('click', () => showMembers(!document.body.classList.contains('shows-members')));
find('settings').addEventListener('click', () => openRoomSheet(sheet, {
  room: state.room, isHost: state.isHost, road: connection.status.road, address: urls.page,
}, { send, leave: () => connection.leave(), rename }));
find('newest').addEventListener('click', () => { chat.showEnd(); look(); composer.focus(); });
chat.addEventListener('end', look);
connectKeys({
  write: () => { showMembers(false); composer.focus(); },
  'leave-text': () => find('log').focus(),
  hand: toggleHand,
  mute: toggleMute,
});
followViewport();

// The page is seen, hidden, or has another network.

const presence = watchPresence({
  onLook: look,
  onVisible: () => connection.noteVisible(),
  onOnline: () => connection.noteOnline(),
  onAway(on) {
    if (state.you !== null) send({ type: 'away', on });
  },
});

// The call, in a room that has calls.

const callListeners = new Map();
let call = null;
let isCallWanted = false;

function tellCall(type, message) {
  for (const listener of callListeners.get(type) ?? []) listener(message);
}

async function openCall() {
  if (isCallWanted || !state.room.calls) return;
  isCallWanted = true;
  document.head.append(find('call-modules').content);
  const { createCall } = await import('../call/call.js');
  find('call').hidden = false;
  call = createCall({
    container: find('call'),
    send,
    on: (type, listener) => callListeners.set(type, [...(callListeners.get(type) ?? []), listener]),
    members: () => [...state.members.values()],
    you: () => state.you?.id ?? null,
  });
}

if (session && memory.kept.name) {
  connection.join(memory.kept.name);
} else {
  showStatus();
}

/** The page's state, for tests and for curious people. */
window.ringcast = {
  snapshot: () => ({
    ...connection.status, you: state.you, names: state.names, unread: unread.count,
    entries: state.entries.map(({ kind, name, text }) => ({ kind, name, text })),
  }),
};
