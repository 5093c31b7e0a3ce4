// The devices that a person chose last, kept between visits where the browser allows that.

const KEY = 'ringcast-call';

/**
 * @typedef {object} Choice of one kind of device
 * @property {string?} id null for the browser's choice
 * @property {boolean} isOn
 */

/** @returns {{microphone: Choice, camera: Choice}} */
export function rememberedDevices() {
  try {
    return checkedChoices(JSON.parse(localStorage.getItem(KEY)));
  } catch {
    // Where storage is forbidden, even its name throws.
    return checkedChoices(null);
  }
}

/** @param {{microphone: Choice, camera: Choice}} choices */
export function rememberDevices({ microphone, camera }) {
  try {
    localStorage.setItem(KEY, JSON.stringify({ microphone, camera }));
  } catch {
    // The storage is forbidden or full. The choice lasts as long as the page.
  }
}

/** Valid choices from stored ones, which another version may have written. */
export function checkedChoices(stored) {
  const choice = ({ id, isOn } = {}) => ({ id: typeof id === 'string' ? id : null, isOn: isOn !== false });
  return { microphone: choice(stored?.microphone ?? {}), camera: choice(stored?.camera ?? {}) };
}
