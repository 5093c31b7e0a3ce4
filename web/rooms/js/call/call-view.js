// The view of the call: the sentence and the button for those who are not in it, the tiles and the controls for those
// who are.

import { text } from '../../../js/language/texts.js';
import { make, setText } from '../chat/elements.js';
import { DeviceSelect } from './device-select.js';
import { showRefusals } from './join-dialog.js';
import { Tiles } from './tiles.js';
import { MOST_MEMBERS, callSentence } from './words.js';

const LEVEL_INTERVAL_MS = 200;

/**
 * @typedef {object} CallState
 * @property {'out' | 'choosing' | 'joining' | 'in'} phase
 * @property {string[]} names of the members in the call
 * @property {string} notice
 * @property {import('./refusals.js').Refusal?} obstacle the reason for which the member cannot join at all
 * @property {[unknown, import('./tiles.js').TileState][]} tiles
 * @property {(id: unknown) => number} levelOf
 * @property {import('./own-media.js').OwnMedia} media
 */

export class CallView {
  #summary = make('p', { class: 'call-summary' });
  #join = make('button', { type: 'button', class: 'call-primary', 'data-text': 'call.join' });
  #notice = make('p', { class: 'call-notice', role: 'status' });
  #refusals = make('div', { role: 'alert' });
  #blocked = make('button', { type: 'button', hidden: true, class: 'call-primary', 'data-text': 'call.blocked' });
  #mute = make('button', { type: 'button', 'aria-pressed': 'false', 'data-text': 'common.mute-microphone' });
  #camera = make('button', { type: 'button', 'aria-pressed': 'false', 'data-text': 'call.camera-off' });
  #hangUp = make('button', { type: 'button', class: 'call-hang-up', 'data-text': 'call.hang-up' });
  #outside;
  #inside;
  #tiles;
  #selects;
  #levelOf = () => 0;
  #timer = null;

  /**
   * @param {HTMLElement} container
   * @param {object} actions
   * @param {() => void} actions.open opens the dialog
   * @param {() => void} actions.mute mutes or unmutes
   * @param {() => void} actions.camera stops or starts the camera
   * @param {() => void} actions.hangUp
   * @param {(kind: import('./refusals.js').DeviceKind, id: string?) => void} actions.choose
   */
  constructor(container, actions) {
    this.#tiles = new Tiles(() => { this.#blocked.hidden = false; });
    const select = (kind) => new DeviceSelect({ kind, choose: (id) => actions.choose(kind, id) });
    this.#selects = { microphone: select('microphone'), camera: select('camera') };
    this.#outside = make('div', { class: 'call-outside' }, this.#summary, this.#join);
    this.#inside = make('div', { class: 'call-inside' },
      this.#tiles.element,
      this.#blocked,
      make('div', { class: 'call-controls', role: 'group', 'data-text-label': 'call.controls' },
        this.#mute, this.#camera, this.#hangUp),
      make('details', { class: 'call-devices' }, make('summary', { 'data-text': 'call.devices' }),
        this.#selects.microphone.element, this.#selects.camera.element));
    container.append(this.#outside, this.#inside, this.#notice, this.#refusals);
    this.#join.addEventListener('click', actions.open);
    this.#mute.addEventListener('click', actions.mute);
    this.#camera.addEventListener('click', actions.camera);
    this.#hangUp.addEventListener('click', actions.hangUp);
    this.#blocked.addEventListener('click', () => {
      this.#blocked.hidden = true;
      this.#tiles.play();
    });
  }

  /** @param {CallState} state */
  show({ phase, names, notice, obstacle, tiles, levelOf, media }) {
    const isIn = phase === 'in';
    // The button that has the focus is about to vanish.
    const hadFocus = (isIn ? this.#outside : this.#inside).contains(document.activeElement);
    this.#outside.hidden = isIn;
    this.#inside.hidden = !isIn;
    if (hadFocus) (isIn ? this.#mute : this.#join).focus();
    setText(this.#summary, phase === 'joining' ? text('call.joining') : callSentence(names));
    this.#join.disabled = obstacle !== null || phase !== 'out' || names.length >= MOST_MEMBERS;
    setText(this.#notice, notice);
    const { microphone, camera } = media;
    showRefusals(this.#refusals, isIn ? [microphone.refusal, camera.refusal] : [obstacle]);
    this.#tiles.show(isIn ? tiles : []);
    if (!isIn) this.#blocked.hidden = true;
    this.#showControls(microphone, camera);
    this.#levelOf = levelOf;
    this.#follow(isIn);
  }

  #showControls(microphone, camera) {
    const isMuted = !microphone.isOn || !microphone.isEnabled;
    this.#mute.setAttribute('aria-pressed', String(isMuted));
    setText(this.#mute, text(isMuted ? 'common.unmute-microphone' : 'common.mute-microphone'));
    this.#camera.setAttribute('aria-pressed', String(!camera.isOn));
    setText(this.#camera, text(camera.isOn ? 'call.camera-off' : 'call.camera-on'));
    this.#selects.microphone.show(microphone);
    this.#selects.camera.show(camera);
  }

  /** Shows the levels while the page is in the call. */
  #follow(isIn) {
    if (isIn === (this.#timer !== null)) return;
    clearInterval(this.#timer);
    this.#timer = isIn ? setInterval(() => this.#tiles.showLevels(this.#levelOf), LEVEL_INTERVAL_MS) : null;
  }
}
