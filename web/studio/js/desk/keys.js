// The keys of the desk. The key of the cough is with its button.

/** @param {Record<'mute' | 'write' | 'leave', () => void>} actions */
export function connectKeys(actions) {
  document.addEventListener('keydown', (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
    const action = actions[actionOf(event.key, event.target)];
    if (!action) return;
    event.preventDefault();
    action();
  });
}

/**
 * The action of a key. A focused field keeps its own keys.
 * @param {string} key
 * @param {{tagName: string, id: string, closest?: Function}} target
 * @returns {'mute' | 'write' | 'leave' | undefined}
 */
export function actionOf(key, target) {
  if (target.closest?.('dialog')) return undefined;
  if (target.id === 'message') return key === 'Escape' ? 'leave' : undefined;
  if (['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName)) return undefined;
  return { m: 'mute', M: 'mute', '/': 'write' }[key];
}
