// The booth: the level, the clock and the buttons for the microphone and the recording.

import { make, setText } from '../elements/elements.js';
import { WORDS } from './words.js';

/** From here up the level warns, 0 to 1 on the scale of the meter. */
const HOT = 0.94;

export class BoothView {
  #find;
  #devices = '';
  #isAllowed = false;

  /** @param {(id: string) => HTMLElement} find */
  constructor(find) { this.#find = find; }

  /** @param {boolean} isAllowed whether the page can record */
  allow(isAllowed) {
    this.#isAllowed = isAllowed;
    this.#find('open-microphone').disabled = !isAllowed;
  }

  /**
   * @param {string} place
   * @param {import('../../rooms/js/voice/microphone.js').Microphone} microphone
   * @param {import('./take-recorder.js').TakeRecorder?} recorder
   */
  show(place, microphone, recorder) {
    const isRunning = recorder !== null;
    this.#find('open-microphone').hidden = isRunning || microphone.isOn;
    this.#find('record').hidden = isRunning || !microphone.isOn;
    this.#find('record').disabled = microphone.rehearsal !== 'idle';
    this.#find('pause').hidden = this.#find('stop').hidden = !isRunning;
    setText(this.#find('pause'), place === 'paused' ? WORDS.resume : WORDS.pause);
    this.#find('check').hidden = isRunning || !microphone.isOn;
    setText(this.#find('rehearse'), WORDS.rehearsal(microphone.rehearsal));
    this.#find('rehearse').disabled = microphone.rehearsal !== 'idle';
    this.#list(microphone);
  }

  /** @param {string} clock */
  draw(microphone, clock) {
    setText(this.#find('clock'), clock);
    const level = microphone.isOn ? microphone.level : 0;
    const meter = this.#find('level');
    meter.firstElementChild.style.transform = `scaleX(${level.toFixed(3)})`;
    meter.classList.toggle('is-hot', level > HOT);
    meter.setAttribute('aria-valuenow', String(Math.round(100 * level)));
  }

  #list({ devices, id, isOn }) {
    const wanted = JSON.stringify([devices, id, isOn]);
    if (wanted === this.#devices) return;
    this.#devices = wanted;
    const select = this.#find('microphone');
    select.replaceChildren(...devices.map((device) => make('option', { value: device.id }, device.label)));
    select.value = id ?? '';
    // A device that the list does not have yet is the browser's choice.
    if (select.selectedIndex < 0) {
      select.append(make('option', { value: id ?? '', 'data-text': 'common.browsers-choice' }));
      select.selectedIndex = select.options.length - 1;
    }
  }
}
