// The voice bar: whether the person hears the room, whether the others hear the person, and the buttons for both.

import { setTextsOf } from '../../../js/language/elements.js';
import { text } from '../../../js/language/texts.js';
import { make, setText } from '../chat/elements.js';
import { showRefusals } from '../call/join-dialog.js';
import { talkSentence } from './words.js';

const LEVEL_MS = 100;

/**
 * @typedef {object} BarClient
 * @property {() => void} listen
 * @property {() => void} speakUp opens the dialog of the microphone
 * @property {() => void} toggleMute
 * @property {(isPushed: boolean) => void} push
 * @property {() => void} leaveAir
 * @property {() => void} programme hears the programme, or no longer does
 * @property {() => void} stopListening
 * @property {() => number} level of the microphone, 0 to 1
 */

export class VoiceBar {
  #sentence = make('p', { class: 'voice-sentence' });
  #notice = make('p', { class: 'voice-notice', role: 'status' });
  #announcer = make('p', { class: 'hidden', role: 'status' });
  #refusals = make('div', { role: 'alert' });
  #level = make('span', { class: 'voice-level-bar' });
  #meter;
  #air;
  #buttons;
  #readLevel;
  #timer = null;

  /** @param {HTMLElement} container @param {BarClient} client */
  constructor(container, client) {
    const button = (key, onclick, name = null) =>
      make('button', { type: 'button', class: name, onclick, 'data-text': key });
    this.#buttons = {
      listen: button('common.listen', client.listen, 'main'),
      speakUp: button('voice.speak', client.speakUp, 'main'),
      mute: button('common.mute-microphone', client.toggleMute),
      push: make('button', { type: 'button', 'data-text': 'voice.hold' }),
      settings: button('voice.settings', client.speakUp),
      programme: button('voice.programme', client.programme),
      stopListening: button('voice.stop-listening', client.stopListening),
    };
    this.#buttons.mute.setAttribute('aria-keyshortcuts', 'M');
    this.#buttons.programme.dataset.textTitle = 'voice.programme-title';
    setTextsOf(this.#buttons.programme);
    this.#connectPush(client.push);
    this.#meter = make('span', { class: 'voice-level', 'aria-hidden': 'true' }, this.#level);
    this.#air = make('p', { class: 'voice-air' },
      make('strong', { class: 'air', 'data-text': 'voice.on-the-air' }), button('sheet.leave-air', client.leaveAir, 'danger'));
    container.append(
      this.#air,
      make('div', { class: 'voice-row' }, this.#sentence, this.#meter,
        make('div', { class: 'voice-controls', role: 'group', 'data-text-label': 'voice.controls' },
          ...Object.values(this.#buttons))),
      this.#notice, this.#announcer, this.#refusals);
    this.#readLevel = client.level;
  }

  /** A finger or a pointer holds the button. The keyboard has the space bar for that. */
  #connectPush(push) {
    const { push: button } = this.#buttons;
    button.addEventListener('pointerdown', (event) => {
      button.setPointerCapture(event.pointerId);
      push(true);
    });
    for (const type of ['pointerup', 'pointercancel', 'lostpointercapture']) {
      button.addEventListener(type, () => push(false));
    }
    button.addEventListener('contextmenu', (event) => event.preventDefault());
    button.addEventListener('keydown', ({ key, repeat }) => { if (key === ' ' && !repeat) push(true); });
    button.addEventListener('keyup', ({ key }) => { if (key === ' ') push(false); });
    button.addEventListener('blur', () => push(false));
  }

  /**
   * @param {import('./words.js').TalkState & {isOnAir: boolean, isMuted: boolean, notice: string,
   *   hasProgramme: boolean, hearsProgramme: boolean,   refusal: import('../call/refusals.js').Refusal?}} state
   */
  show(state) {
    setText(this.#sentence, talkSentence(state));
    setText(this.#notice, state.notice);
    showRefusals(this.#refusals, [state.refusal]);
    this.#air.hidden = !state.isOnAir;
    this.#showButtons(state);
    const { mute, push } = this.#buttons;
    mute.setAttribute('aria-pressed', String(state.isMuted));
    setText(mute, text(state.isMuted ? 'common.unmute-microphone' : 'common.mute-microphone'));
    push.setAttribute('aria-pressed', String(state.isOpen));
    this.#buttons.programme.setAttribute('aria-pressed', String(state.hearsProgramme));
    this.#meter.hidden = !(state.isSpeaking && state.hasMicrophone);
    this.#follow(!this.#meter.hidden);
  }

  /** Says a sentence to a screen reader. The others see the same at a glance. */
  announce(sentence) {
    setText(this.#announcer, sentence);
  }

  #showButtons({ hasVoices, wantsToListen, waitsForGesture, isTalker, isSpeaking, isPushToTalk, hasProgramme }) {
    const isShown = {
      listen: hasVoices && (!wantsToListen || waitsForGesture),
      speakUp: hasVoices && isTalker && !isSpeaking,
      mute: isSpeaking && !isPushToTalk,
      push: isSpeaking && isPushToTalk,
      settings: isSpeaking,
      programme: hasVoices && hasProgramme && wantsToListen && !waitsForGesture,
      stopListening: hasVoices && wantsToListen && !isSpeaking && !waitsForGesture,
    };
    const focused = document.activeElement;
    for (const [name, button] of Object.entries(this.#buttons)) button.hidden = !isShown[name];
    // The button that had the focus has vanished.
    if (focused?.hidden && Object.values(this.#buttons).includes(focused)) this.#firstButton()?.focus();
  }

  #firstButton() {
    return Object.values(this.#buttons).find((button) => !button.hidden);
  }

  #follow(isOn) {
    if (isOn === (this.#timer !== null)) return;
    clearInterval(this.#timer);
    this.#timer = isOn
      ? setInterval(() => this.#level.style.setProperty('--level', this.#readLevel().toFixed(2)), LEVEL_MS) : null;
  }
}
