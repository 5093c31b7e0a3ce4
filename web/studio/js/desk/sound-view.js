// The choices about the own sound: the microphone, the kind of sound, and what is heard of the room.

import { make, setText } from '../../../rooms/js/chat/elements.js';

const REHEARSALS = { idle: 'Hear yourself', recording: 'Say something (2 s)', playing: 'This is you' };

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
    const wanted = JSON.stringify([devices, id, isOn, mode, facts, rehearsal, isLive]);
    if (wanted === this.#shown) return;
    this.#shown = wanted;
    this.#find(mode === 'music' ? 'mode-music' : 'mode-speech').checked = true;
    setText(this.#find('rehearse'), REHEARSALS[rehearsal]);
    this.#find('rehearse').disabled = isLive || rehearsal !== 'idle';
    const select = this.#find('microphone');
    const options = devices.map((device) => make('option', { value: device.id }, device.label));
    if (!isOn) options.unshift(make('option', { value: '' }, devices.length > 0 ? 'Off. Choose one to test it' : 'The browser’s choice'));
    select.replaceChildren(...options);
    select.value = isOn ? id ?? '' : '';
    // A device that the list does not have yet is the browser's choice.
    if (isOn && select.selectedIndex < 0) {
      select.append(make('option', { value: id ?? '' }, 'The browser’s choice'));
      select.selectedIndex = select.options.length - 1;
    }
    setText(this.#find('sound-facts'), facts.map(([name, value]) => `${name}: ${value}`).join(' · '));
  }
}
