// The title now playing, for all listeners.

import { setKey, setText } from '../../../rooms/js/chat/elements.js';

/**
 * @param {(id: string) => HTMLElement} find
 * @param {(title: string) => Promise<void>} save
 */
export function makeTitleForm(find, save) {
  find('title-form').addEventListener('submit', async (event) => {
    event.preventDefault();
    const title = find('title').value.trim();
    try {
      await save(title);
      setKey(find('title-said'), title === '' ? 'studio.title-gone' : 'studio.title-set');
    } catch {
      setKey(find('title-said'), 'studio.title-refused');
    }
  });
  find('title').addEventListener('input', () => setText(find('title-said'), ''));
  return {
    /** @param {string} title */
    show(title) {
      find('title').value = title;
      find('title-form').hidden = false;
    },
  };
}
