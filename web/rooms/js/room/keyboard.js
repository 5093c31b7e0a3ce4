// The keys of the room.

/**
 * The action of a key. A focused control keeps its own keys.
 * @param {string} key
 * @param {{tagName: string, isInDialog: boolean, isComposer: boolean}} focus where the key was pressed
 * @returns {'write' | 'leave-text' | 'hand' | 'mute' | undefined}
 */
export function actionOf(key, { tagName, isInDialog, isComposer }) {
  if (isInDialog) return undefined;
  if (isComposer) return key === 'Escape' ? 'leave-text' : undefined;
  if (['INPUT', 'TEXTAREA', 'SELECT'].includes(tagName)) return undefined;
  switch (key) {
    case '/': case 'Escape': return 'write';
    case 'h': case 'H': return 'hand';
    case 'm': case 'M': return 'mute';
    default: return undefined;
  }
}

/** @param {Record<string, () => void>} actions by the names that `actionOf` returns */
export function connectKeys(actions) {
  document.addEventListener('keydown', (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
    const { target } = event;
    const focus = {
      tagName: target.tagName, isInDialog: target.closest?.('dialog') !== null, isComposer: target.id === 'message',
    };
    const action = actions[actionOf(event.key, focus)];
    if (!action) return;
    event.preventDefault();
    action();
  });
}
