// The head of the page: the room, the own state, the number of members; and what is unread.

import { text } from '../../../js/language/texts.js';
import { icon, setText } from '../chat/elements.js';
import { windowTitle } from '../text/sentences.js';

/** @param {(id: string) => HTMLElement} find */
export function makeHeaderView(find) {
  const showPressed = (id, isPressed, label) => {
    find(id).setAttribute('aria-pressed', String(isPressed));
    setText(find(id).querySelector('.hidden'), label);
  };
  return {
    /** @param {{name: string, on_air: boolean, locked: boolean}} room */
    showRoom({ name, on_air: isOnAir, locked }) {
      setText(find('room-name'), name);
      find('air').hidden = !isOnAir;
      document.body.classList.toggle('is-locked', locked);
    },

    /** @param {object} you the own member @param {boolean} isTalker @param {number} count of all members */
    showMembers(you, isTalker, count) {
      setText(find('people-count'), String(count));
      showPressed('hand', you.hand, text(you.hand ? 'room.lower-hand' : 'room.raise-hand'));
      showPressed('microphone', you.muted, text(you.muted ? 'room.unmute' : 'room.mute'));
      find('microphone').querySelector('svg').replaceWith(icon(you.muted ? 'muted' : 'microphone'));
      find('microphone').hidden = !isTalker;
    },

    /**
     * @param {string} room its name
     * @param {{count: number, mentionCount: number}} unread
     * @param {boolean} isAtEnd whether the log shows its end
     */
    showUnread(room, { count, mentionCount }, isAtEnd) {
      document.title = windowTitle(room, count);
      find('newest').hidden = isAtEnd;
      setText(find('newest'), count > 0 ? text('common.new', { count }) : text('common.newest'));
      find('newest').classList.toggle('mentions', mentionCount > 0);
    },
  };
}
