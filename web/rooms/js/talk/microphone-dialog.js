// The dialog of the microphone: it shows how loud the microphone is, which properties it has, and how late the person
// will be heard.

import { text } from '../../../js/language/texts.js';
import { DeviceSelect } from '../call/device-select.js';
import { showRefusals } from '../call/join-dialog.js';
import { make, setText } from '../chat/elements.js';
import { checkLine, lineSentence } from '../voice/line-check.js';
import { heardSentence } from './words.js';

/** Below this reading, 0 to 1, a microphone is taken for silent. */
const SILENT_READING = 0.05;
const LEVEL_MS = 50;
const REHEARSALS = { idle: 'common.hear-yourself', recording: 'voice.rehearsal-recording', playing: 'voice.rehearsal-playing' };

/**
 * @typedef {object} DialogClient
 * @property {import('../voice/microphone.js').Microphone} microphone
 * @property {import('../voice/voice.js').VoiceSession} session
 * @property {EventTarget & {ping: () => void}} connection
 * @property {() => void} confirm the person speaks up, or has done with the settings
 * @property {() => void} cancel
 * @property {() => void} stop the person no longer speaks
 * @property {(isOn: boolean) => void} pushToTalk
 * @property {(id: string?) => void} choose
 * @property {(mode: 'speech' | 'music') => void} chooseMode
 */

export class MicrophoneDialog {
  element;

  #client;
  #title = make('h2', { id: 'microphone-dialog-title', tabindex: '-1' });
  #level = make('span', { class: 'voice-level-bar' });
  #heard = make('p', { class: 'voice-heard', role: 'status' });
  #refusals = make('div', { role: 'alert' });
  #delay = make('p', { class: 'voice-delay' });
  #line = make('p', { class: 'voice-line' });
  #facts = make('dl', { class: 'voice-facts' });
  #modes;
  #select;
  #push = make('input', { type: 'checkbox', role: 'switch' });
  #rehearse = make('button', { type: 'button', 'data-text': REHEARSALS.idle });
  #confirm = make('button', { type: 'submit', class: 'main' });
  #cancel = make('button', { type: 'button', 'data-text': 'common.cancel' });
  #stop = make('button', { type: 'button', class: 'danger', 'data-text': 'voice.stop-speaking' });
  #wasHeard = false;
  #timer = null;

  /** @param {DialogClient} client */
  constructor(client) {
    this.#client = client;
    this.#select = new DeviceSelect({
      kind: 'microphone', choose: (id) => { this.#wasHeard = false; client.choose(id); },
    });
    this.#modes = [
      this.#mode('speech'), this.#mode('music'),
    ];
    const form = this.#form();
    this.element = make(
      'dialog', { class: 'voice-dialog', 'aria-labelledby': 'microphone-dialog-title' }, form);
    this.#listen(form);
  }

  #mode(value) {
    const input = make('input', { type: 'radio', name: 'microphone-mode', value });
    input.addEventListener('change', () => this.#client.chooseMode(value));
    return { input, element: make('label', { class: 'voice-switch' }, input, make('b', { 'data-text': `common.${value}` }), ' ',
      make('span', { 'data-text': `voice.${value}-hint` })) };
  }

  #form() {
    return make('form', { method: 'dialog' },
      this.#title,
      this.#refusals,
      this.#select.element,
      make('div', { class: 'voice-level', 'aria-hidden': 'true' }, this.#level),
      this.#heard,
      make('fieldset', { class: 'voice-modes' }, make('legend', { 'data-text': 'voice.mode' }),
        ...this.#modes.map(({ element }) => element)),
      make('label', { class: 'voice-switch' }, this.#push,
        make('span', { 'data-text': 'voice.push' })),
      make('p', { class: 'voice-rehearsal' }, this.#rehearse),
      this.#delay, this.#line,
      make('details', {}, make('summary', { 'data-text': 'voice.properties' }), this.#facts),
      make('p', { class: 'voice-buttons' }, this.#stop, this.#cancel, this.#confirm));
  }

  #listen(form) {
    const { confirm, cancel, stop, pushToTalk, microphone, session } = this.#client;
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.close();
      confirm();
    });
    this.#cancel.addEventListener('click', () => { this.close(); cancel(); });
    this.#stop.addEventListener('click', () => { this.close(); stop(); });
    this.#push.addEventListener('change', () => pushToTalk(this.#push.checked));
    this.#rehearse.addEventListener('click', () => microphone.hearYourself());
    // The Escape key.
    this.element.addEventListener('cancel', (event) => {
      event.preventDefault();
      this.close();
      if (session.isSpeaking) confirm();
      else cancel();
    });
  }

  get isOpen() {
    return this.element.open;
  }

  /** @param {import('../call/refusals.js').Refusal?} obstacle */
  open(obstacle) {
    this.#wasHeard = false;
    setText(this.#line, '');
    this.element.showModal();
    this.show(obstacle);
    if (this.#confirm.disabled) this.#title.focus();
    else this.#confirm.focus();
    this.#timer = setInterval(() => this.#showLevel(), LEVEL_MS);
    this.#checkLine();
  }

  async #checkLine() {
    const line = await checkLine(this.#client.connection);
    setText(this.#line, lineSentence(line));
  }

  /** @param {import('../call/refusals.js').Refusal?} obstacle the reason for which there is no microphone at all */
  show(obstacle) {
    const { microphone, session } = this.#client;
    const { isSpeaking } = session;
    setText(this.#title, text(isSpeaking ? 'voice.your-microphone' : 'voice.speak'));
    setText(this.#confirm, text(isSpeaking ? 'voice.done' : 'voice.speak'));
    this.#cancel.hidden = isSpeaking;
    this.#stop.hidden = !isSpeaking;
    this.#confirm.disabled = !isSpeaking && !microphone.isOn;
    showRefusals(this.#refusals, [obstacle, microphone.refusal]);
    this.#select.show(microphone);
    for (const { input } of this.#modes) input.checked = input.value === microphone.mode;
    this.#push.checked = session.isPushToTalk;
    this.#rehearse.disabled = !microphone.isOn || microphone.rehearsal !== 'idle' || isSpeaking;
    setText(this.#rehearse, text(REHEARSALS[microphone.rehearsal]));
    this.#showFacts();
    this.#showHeard();
    setText(this.#delay, isSpeaking ? '' : heardSentence(session.delays.heard));
  }

  #showFacts() {
    const { facts } = this.#client.microphone;
    const shown = JSON.stringify(facts);
    if (this.#facts.dataset.shown === shown) return;
    this.#facts.dataset.shown = shown;
    this.#facts.replaceChildren(...facts.map(([name, value]) =>
      make('div', {}, make('dt', {}, name), make('dd', {}, value))));
  }

  #showHeard() {
    const { microphone } = this.#client;
    if (!microphone.isOn) setText(this.#heard, text('voice.no-microphone-on'));
    else if (!microphone.isEnabled) setText(this.#heard, text('voice.muted'));
    else if (this.#wasHeard) setText(this.#heard, text('call.works'));
    else setText(this.#heard, text('voice.say'));
  }

  #showLevel() {
    const { level } = this.#client.microphone;
    this.#level.style.setProperty('--level', level.toFixed(3));
    if (level < SILENT_READING || this.#wasHeard) return;
    this.#wasHeard = true;
    this.#showHeard();
  }

  close() {
    clearInterval(this.#timer);
    if (this.element.open) this.element.close();
  }
}
