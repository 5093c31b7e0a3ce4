// The dialog before a call: it shows what the others will see, how loud the microphone is, and what they learn.

import { text } from '../../../js/language/texts.js';
import { make, setText } from '../chat/elements.js';
import { DeviceSelect } from './device-select.js';
import { LevelMeter } from './level-meter.js';

/** Below this reading, 0 to 1, a microphone is taken for silent. */
const SILENT_READING = 0.05;

export class JoinDialog {
  element;

  #video = make('video', { autoplay: true, playsinline: true, 'data-text-label': 'call.own-preview' });
  #level = make('span', { class: 'call-level-bar' });
  #heard = make('p', { class: 'call-heard', role: 'status' });
  #refusals = make('div', { role: 'alert' });
  #join = make('button', { type: 'submit', class: 'call-primary', 'data-text': 'call.join' });
  #selects;
  #meter;
  #media = null;
  #wasHeard = false;

  /**
   * @param {object} options
   * @param {() => void} options.join
   * @param {() => void} options.cancel
   */
  constructor({ join, cancel }) {
    this.#video.muted = true;
    this.#meter = new LevelMeter((reading) => this.#showLevel(reading));
    this.#selects = {
      microphone: new DeviceSelect({ kind: 'microphone', choose: (id) => this.#choose('microphone', id) }),
      camera: new DeviceSelect({ kind: 'camera', choose: (id) => this.#choose('camera', id) }),
    };
    const cancelButton = make('button', { type: 'button', 'data-text': 'common.cancel' });
    const form = make('form', { method: 'dialog' },
      make('h2', { id: 'call-dialog-title', 'data-text': 'call.join' }),
      make('p', { class: 'call-address', 'data-text': 'call.address' }),
      make('div', { class: 'call-preview' }, this.#video,
        make('p', { class: 'call-no-picture', 'data-text': 'call.not-seen' })),
      this.#selects.camera.element,
      this.#selects.microphone.element,
      make('p', { class: 'call-level', 'aria-hidden': 'true' }, this.#level),
      this.#heard,
      this.#refusals,
      make('p', { class: 'call-buttons' }, cancelButton, this.#join));
    this.element = make('dialog', { class: 'call-dialog', 'aria-labelledby': 'call-dialog-title' }, form);
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.close();
      join();
    });
    cancelButton.addEventListener('click', cancel);
    // The Escape key.
    this.element.addEventListener('cancel', (event) => {
      event.preventDefault();
      cancel();
    });
  }

  get isOpen() {
    return this.element.open;
  }

  /**
   * @param {import('./own-media.js').OwnMedia} media
   * @param {import('./refusals.js').Refusal?} obstacle
   */
  open(media, obstacle) {
    this.#media = media;
    this.#wasHeard = false;
    this.element.showModal();
    this.#join.focus();
    this.show(obstacle);
  }

  /** Shows the present state of the media. */
  show(obstacle) {
    const { microphone, camera } = this.#media;
    for (const device of [microphone, camera]) this.#selects[device.kind].show(device);
    showRefusals(this.#refusals, [obstacle, microphone.refusal, camera.refusal]);
    const stream = camera.track && new MediaStream([camera.track]);
    if (this.#video.srcObject?.getVideoTracks()[0] !== (camera.track ?? undefined)) this.#video.srcObject = stream;
    this.#video.hidden = stream === null;
    this.#meter.follow(microphone.track);
    if (!microphone.isOn) setText(this.#heard, text('call.not-heard'));
    else if (!microphone.isEnabled) setText(this.#heard, text('call.muted'));
    else if (!this.#wasHeard) setText(this.#heard, text('call.say'));
  }

  #choose(kind, id) {
    this.#wasHeard = false;
    if (id === null) this.#media[kind].stop();
    else this.#media[kind].start(id);
  }

  #showLevel(reading) {
    this.#level.style.setProperty('--level', reading.toFixed(3));
    if (reading < SILENT_READING || this.#wasHeard) return;
    this.#wasHeard = true;
    setText(this.#heard, text('call.works'));
  }

  close() {
    if (!this.element.open) return;
    this.#meter.close();
    this.#video.srcObject = null;
    this.element.close();
  }
}

/** Shows refusals, each as a sentence with its advice. */
export function showRefusals(target, refusals) {
  const wanted = refusals.filter(Boolean);
  const shown = wanted.map(({ sentence, advice, link = '' }) => `${sentence} ${advice} ${link}`).join('\n');
  if (target.dataset.shown === shown) return;
  target.dataset.shown = shown;
  target.replaceChildren(...wanted.map(({ sentence, advice, link }) =>
    make('p', { class: 'call-refusal' }, make('strong', {}, sentence), ` ${advice} `,
      link !== undefined && make('a', { href: link }, link))));
}
