// The title now playing, for all listeners.

import { setText } from '../../../rooms/js/chat/elements.js';

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
      setText(find('title-said'), title === '' ? 'The title is gone.' : 'Listeners see the title with the sound.');
    } catch {
      setText(find('title-said'), 'The station did not take the title.');
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
