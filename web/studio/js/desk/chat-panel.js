// The chat of the studio's room.

import { text } from '../../../js/language/texts.js';
import { ChatView } from '../../../rooms/js/chat/chat-view.js';
import { makeComposer } from '../../../rooms/js/chat/composer.js';
import { setText } from '../../../rooms/js/chat/elements.js';
import { makeLiveRegions } from '../../../rooms/js/room/live-regions.js';
import { Unread } from '../../../rooms/js/state/unread.js';
import { connectionSentence, errorSentence } from '../../../rooms/js/text/sentences.js';

/** An error is shown for this long. */
const ERROR_MS = 8000;

export class ChatPanel {
  #find;
  #connection;
  #state;
  #unread = new Unread();
  #liveRegions;
  #chat;
  #composer;
  #errorTimer;

  /**
   * @param {(id: string) => HTMLElement} find
   * @param {import('../../../rooms/js/road/connection.js').RoomConnection} connection
   * @param {import('../../../rooms/js/state/room-state.js').RoomState} state
   * @param {import('../../../rooms/js/room/sheet.js').Sheet} sheet
   */
  constructor(find, connection, state, sheet) {
    this.#find = find;
    this.#connection = connection;
    this.#state = state;
    this.#liveRegions = makeLiveRegions(find('announcer'), find('count-announcer'));
    this.#chat = new ChatView(find('log'), {
      names: () => state.names,
      ownName: () => state.you?.name ?? null,
      mayDelete: (entry) => entry.isOwn || state.isHost,
      onDelete: ({ id }) =>
        sheet.confirm(text('room.delete-question'), text('common.delete'), () => connection.send({ type: 'delete', message: id })),
    });
    this.#composer = makeComposer(find('composer'), {
      names: () => state.names.filter((name) => name !== state.you?.name),
      onSend: (text) => this.#say(text),
      onTyping: (on) => connection.send({ type: 'typing', on }),
    });
    find('newest').addEventListener('click', () => {
      this.#chat.showEnd();
      this.render();
      this.#composer.focus();
    });
    this.#chat.addEventListener('end', () => this.render());
    document.addEventListener('visibilitychange', () => this.render());
  }

  get unreadCount() {
    return this.#unread.count;
  }

  focus() {
    this.#composer.focus();
  }

  /** The member count has changed. */
  noteMembers() {
    this.#liveRegions.noteCount(this.#state.members.size);
  }

  /** The road has changed. */
  showStatus() {
    clearTimeout(this.#errorTimer);
    setText(this.#find('trouble'), connectionSentence(this.#connection.status));
  }

  /** Shows for a while why the server has refused a message. */
  showError(error) {
    setText(this.#find('trouble'), errorSentence(error));
    clearTimeout(this.#errorTimer);
    this.#errorTimer = setTimeout(() => this.showStatus(), ERROR_MS);
    if (error.refused) this.#composer.giveBack(error.refused.text);
    this.render();
  }

  render() {
    if (this.#state.you === null) return;
    const { entries } = this.#state;
    this.#unread.look(!document.hidden && this.#chat.isAtEnd, entries);
    this.#liveRegions.noteEntries(entries);
    this.#chat.render(entries, { firstUnreadKey: this.#unread.firstKey, unconfirmed: this.#connection.unconfirmed });
    const newest = this.#find('newest');
    newest.hidden = this.#chat.isAtEnd;
    setText(newest, newestText(this.#unread.count));
    newest.classList.toggle('mentions', this.#unread.mentionCount > 0);
  }

  #say(text) {
    this.#connection.send({ type: 'chat', text, nonce: Math.random().toString(36).slice(2) });
    this.#chat.showEnd();
    this.render();
  }
}

const newestText = (count) => (count > 0 ? text('common.new', { count }) : text('common.newest'));
