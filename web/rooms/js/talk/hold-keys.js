// The keys that act while they are held: the space bar to speak, and C to cough.

/**
 * The meaning of a held key. A focused control keeps its own keys.
 * @param {string} key
 * @param {{tagName: string, isInDialog: boolean}} focus where the key was pressed
 * @returns {'push' | 'cough' | undefined}
 */
export function holdOf(key, { tagName, isInDialog }) {
  if (isInDialog || ['INPUT', 'TEXTAREA', 'SELECT'].includes(tagName)) return undefined;
  if (key === 'c' || key === 'C') return 'cough';
  // The space bar presses the button that has the focus.
  return key === ' ' && !['BUTTON', 'SUMMARY', 'A'].includes(tagName) ? 'push' : undefined;
}

/**
 * @param {object} actions
 * @param {(isHeld: boolean) => boolean} actions.push returns whether the key has a meaning now
 * @param {(isHeld: boolean) => boolean} actions.cough the same
 */
export function connectHoldKeys(actions) {
  let held = null;
  const release = () => {
    if (held === null) return;
    actions[held.action](false);
    held = null;
  };
  document.addEventListener('keydown', (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
    const { target, key, repeat } = event;
    const action = holdOf(key, { tagName: target.tagName, isInDialog: target.closest?.('dialog') !== null });
    if (held !== null && action === held.action) return event.preventDefault();
    if (action === undefined || repeat || !actions[action](true)) return;
    event.preventDefault();
    release();
    held = { action, key };
  });
  document.addEventListener('keyup', ({ key }) => { if (key.toLowerCase() === held?.key.toLowerCase()) release(); });
  // The page does not learn of a key that is released while it has no focus.
  addEventListener('blur', release);
}
