// The on-air light, the button that goes live, and the controls of a person on the air.

import { text } from '../../../js/language/texts.js';
import { icon, setText } from '../../../rooms/js/chat/elements.js';
import { airSentence, clockText, lampTitle, windowTitle } from '../air/words.js';

export class LampView {
  #find;

  /** @param {(id: string) => HTMLElement} find */
  constructor(find) {
    this.#find = find;
  }

  /**
   * @param {import('../air/words.js').AirFacts & {stream: string, since: number?, now: number, isStopArmed: boolean}} facts
   */
  show(facts) {
    const { phase, isMuted, isCoughing, since, now, isStopArmed, stream } = facts;
    const find = this.#find;
    const isLive = phase !== 'off' && phase !== 'stopping';
    const clock = clockText(since, now);
    document.body.dataset.air = phase;
    document.body.classList.toggle('is-muted', isMuted || isCoughing);
    document.title = windowTitle(stream, phase);
    setText(find('lamp-title'), lampTitle(facts));
    setText(find('clock'), phase === 'off' ? '' : clock);
    setText(find('pill-clock'), clock);
    setText(find('sentence'), airSentence(facts));
    find('go').disabled = isLive;
    find('go').hidden = phase === 'on' || phase === 'broken';
    setText(find('go').querySelector('span'), text(phase === 'starting' ? 'common.one-moment' : 'studio.go-live'));
    for (const id of ['mute-voice', 'cough', 'stop']) find(id).disabled = !isLive;
    find('mute-voice').setAttribute('aria-pressed', String(isMuted));
    setText(find('mute-label'), text(isMuted ? 'common.unmute-microphone' : 'common.mute-microphone'));
    this.#showIcon(isMuted);
    setText(find('stop'), stopLabel(phase, isStopArmed));
    find('stop').classList.toggle('is-armed', isStopArmed);
  }

  #showIcon(isMuted) {
    const name = isMuted ? 'muted' : 'microphone';
    const button = this.#find('mute-voice');
    if (button.dataset.shown === name) return;
    button.dataset.shown = name;
    button.querySelector('svg')?.remove();
    button.prepend(icon(name));
  }
}

function stopLabel(phase, isArmed) {
  if (phase === 'starting') return text('common.cancel');
  return text(isArmed ? 'studio.stop-armed' : 'studio.stop');
}
