// One entry of the log as an element.

import { noteSentence } from '../text/sentences.js';
import { dayOf, fullTime, isSameDay, timeOfDay } from '../text/times.js';
import { tokensOf } from '../text/tokens.js';
import { icon, make, setWords } from './elements.js';
import { makePicture } from './picture.js';

/** @typedef {import('../state/room-state.js').Entry} Entry */

/** A message within this time after another one of the same member does not repeat the name. */
const FOLLOW_UP_MS = 5 * 60_000;

/**
 * The look of an entry at its place in the log.
 * @param {Entry} entry
 * @param {Entry | undefined} before the entry above
 * @param {string?} firstUnreadKey
 * @param {boolean} mayDelete whether this page may delete the message
 */
export function placed(entry, before, firstUnreadKey, mayDelete) {
  const isNewDay = before !== undefined && !isSameDay(entry.time, before.time);
  const isFirstUnread = entry.key === firstUnreadKey;
  const isFollowUp = !isNewDay && !isFirstUnread && entry.kind === 'chat' && before?.kind === 'chat'
    && before.from === entry.from && before.name === entry.name
    && Date.parse(entry.time) - Date.parse(before.time) < FOLLOW_UP_MS;
  return { entry, day: isNewDay ? dayOf(entry.time) : null, isFirstUnread, isFollowUp, mayDelete };
}

/**
 * @param {ReturnType<typeof placed>} place
 * @param {{names: string[], ownName: string?, onDelete: (entry: Entry) => void}} context
 */
export function makeEntry({ entry, day, isFirstUnread, isFollowUp, mayDelete }, { names, ownName, onDelete }) {
  const { kind, isOwn, isMention } = entry;
  const classes = ['entry', kind, isOwn && 'own', isMention && 'mention', isFollowUp && 'follow-up'];
  return make(
    'li', { class: classes.filter(Boolean).join(' '), tabindex: '-1', 'data-key': entry.key },
    day !== null && make('p', { class: 'day' }, day),
    isFirstUnread && make('p', { class: 'divider', 'data-text': 'room.new-messages' }),
    ...contentOf(entry, isFollowUp, names, ownName),
    mayDelete && kind === 'chat' && make('button', {
      type: 'button', class: 'delete', tabindex: '-1', 'data-text-title': 'room.delete-title',
      'data-text-label': 'room.delete-message',
      onclick: () => onDelete(entry),
    }, icon('delete')));
}

function contentOf({ kind, name, text: content, time, poll, verb }, isFollowUp, names, ownName) {
  const clock = make('time', { datetime: time, title: fullTime(time) });
  setWords(clock, () => timeOfDay(time));
  const words = make('p', { class: 'text' }, ...tokensOf(content, names).map((token) => tokenNode(token, ownName)));
  switch (kind) {
    case 'chat': return [
      makePicture(name), make('p', { class: isFollowUp ? 'by hidden' : 'by' }, make('b', {}, name), ' ', clock), words,
    ];
    case 'deleted': return [
      makePicture(name), make('p', { class: 'by' }, make('b', {}, name), ' ', clock),
      make('p', { class: 'text gone', 'data-text': 'room.deleted' }),
    ];
    case 'note': return [make('p', {}, noteWords({ verb, name }), ' ', clock)];
    case 'result': return [titled('room.poll-result', clock), words, resultsOf(poll)];
    default: return [titled(kind === 'prompt' ? 'room.prompt' : 'room.score', clock), words];
  }
}

function noteWords(note) {
  const words = make('span');
  setWords(words, () => noteSentence(note));
  return words;
}

const titled = (key, clock) => make('p', { class: 'by' }, make('span', { 'data-text': key }), ' ', clock);

const resultsOf = ({ choices, votes }) => make(
  'ul', { class: 'results' },
  ...choices.map((choice, index) => make('li', {}, choice, ' ', make('b', {}, String(votes[index])))));

function tokenNode({ kind, text, href, name }, ownName) {
  switch (kind) {
    case 'link': return make('a', { href, rel: 'noopener noreferrer nofollow', target: '_blank' }, text);
    case 'mention': return make(name === ownName ? 'mark' : 'b', { class: 'at' }, text);
    default: return document.createTextNode(text);
  }
}
