// The choices of a person about voices, kept between visits where the browser allows that.

const KEY = 'ringcast-voice';

/**
 * @typedef {object} VoiceChoices
 * @property {string?} id of the microphone; null for the browser's choice
 * @property {'speech' | 'music'} mode
 * @property {boolean} listens whether the page plays the room from the beginning
 * @property {boolean} isPushToTalk
 */

/** @returns {VoiceChoices} */
export function rememberedVoice() {
  try {
    return checkedVoice(JSON.parse(localStorage.getItem(KEY)));
  } catch {
    // Where storage is forbidden, even its name throws.
    return checkedVoice(null);
  }
}

/** @param {Partial<VoiceChoices>} changes */
export function rememberVoice(changes) {
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...rememberedVoice(), ...changes }));
  } catch {
    // The storage is forbidden or full. The choice lasts as long as the page.
  }
}

/** Valid choices from stored ones, which another version may have written. @returns {VoiceChoices} */
export const checkedVoice = (stored) => ({
  id: typeof stored?.id === 'string' ? stored.id : null,
  mode: stored?.mode === 'music' ? 'music' : 'speech',
  listens: stored?.listens !== false,
  isPushToTalk: stored?.isPushToTalk === true,
});
