// A button that acts while a finger, the mouse or a key holds it.

/**
 * @param {HTMLButtonElement} button
 * @param {string} key of the whole page, in lower case
 * @param {{onHold: (isHeld: boolean) => void, mayUseKey: (event: KeyboardEvent) => boolean}} client
 */
export function makeHoldButton(button, key, { onHold, mayUseKey }) {
  let isHeld = false;
  const hold = (value) => {
    if (isHeld === value) return;
    isHeld = value;
    button.classList.toggle('is-held', value);
    onHold(value);
  };
  const isOurs = (event) => (event.target === button ? [' ', 'Enter'].includes(event.key) : false)
    || event.key.toLowerCase() === key && mayUseKey(event);

  button.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    // The release counts wherever it happens.
    button.setPointerCapture(event.pointerId);
    hold(true);
  });
  for (const type of ['pointerup', 'pointercancel', 'lostpointercapture', 'blur']) {
    button.addEventListener(type, () => hold(false));
  }
  // A long press opens the menu of a phone.
  button.addEventListener('contextmenu', (event) => event.preventDefault());
  document.addEventListener('keydown', (event) => {
    if (button.disabled || !isOurs(event)) return;
    event.preventDefault();
    hold(true);
  });
  document.addEventListener('keyup', (event) => {
    if (isHeld && ([' ', 'Enter'].includes(event.key) || event.key.toLowerCase() === key)) hold(false);
  });
  addEventListener('blur', () => hold(false));
  return { release: () => hold(false) };
}
