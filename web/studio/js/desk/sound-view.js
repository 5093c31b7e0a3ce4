// The choices about the own sound: the microphone, the kind of sound, and what is heard of the room.

import { languageNow, text } from '../../../js/language/texts.js';
import { make, setText } from '../../../rooms/js/chat/elements.js';

const REHEARSALS = {
  idle: 'common.hear-yourself', recording: 'studio.rehearsal-recording', playing: 'studio.rehearsal-playing',
};

export class SoundView {
  #find;
  #shown = '';

  /**
   * @param {(id: string) => HTMLElement} find
   * @param {object} client
   * @param {(id: string?) => void} client.onMicrophone null for the browser's choice
   * @param {(mode: 'speech' | 'music') => void} client.onMode
   * @param {(isOn: boolean) => void} client.onMonitor
   * @param {() => void} client.onRehearse
   */
  constructor(find, { onMicrophone, onMode, onMonitor, onRehearse }) {
    this.#find = find;
    find('microphone').addEventListener('change', () => onMicrophone(find('microphone').value || null));
    for (const mode of ['speech', 'music']) {
      find(`mode-${mode}`).addEventListener('change', () => onMode(mode));
    }
    find('rehearse').addEventListener('click', onRehearse);
    find('monitor').addEventListener('change', () => onMonitor(find('monitor').checked));
  }

  /**
   * @param {import('../../../rooms/js/voice/microphone.js').Microphone} microphone
   * @param {boolean} isLive whether the person wants to be on the air, where the loudspeaker plays no rehearsal
   */
  show(microphone, isLive) {
    const { devices, id, isOn, mode, facts, rehearsal } = microphone;
    const wanted = JSON.stringify([devices, id, isOn, mode, facts, rehearsal, isLive, languageNow()]);
    if (wanted === this.#shown) return;
    this.#shown = wanted;
    this.#find(mode === 'music' ? 'mode-music' : 'mode-speech').checked = true;
    setText(this.#find('rehearse'), text(REHEARSALS[rehearsal]));
    this.#find('rehearse').disabled = isLive || rehearsal !== 'idle';
    const select = this.#find('microphone');
    const options = devices.map((device) => make('option', { value: device.id }, device.label));
    if (!isOn) options.unshift(make('option', {
      value: '', 'data-text': devices.length > 0 ? 'studio.microphone-off' : 'common.browsers-choice',
    }));
    select.replaceChildren(...options);
    select.value = isOn ? id ?? '' : '';
    // A device that the list does not have yet is the browser's choice.
    if (isOn && select.selectedIndex < 0) {
      select.append(make('option', { value: id ?? '', 'data-text': 'common.browsers-choice' }));
      select.selectedIndex = select.options.length - 1;
    }
    setText(this.#find('sound-facts'), facts.map(([name, value]) => `${name}: ${value}`).join(' · '));
  }
}
