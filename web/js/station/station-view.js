// The view of the station: its names, the list of its streams, and the dock with the stream that plays.

import { setText } from '../language/elements.js';
import { text } from '../language/texts.js';
import { StreamCardView } from './stream-card.js';
import { Announcer, dockSentence, failureText, isPressed, siteOf, songOf, windowTitle } from './words.js';

/** So few streams get wider cards. */
const FEW = 4;

/**
 * Events: `press` (with `card`) when the listener presses the button of a stream.
 */
export class StationView extends EventTarget {
  #find;
  #addressOf;
  /** @type {Map<string, StreamCardView>} */
  #views = new Map();
  #station = null;
  /** The name of the stream that the last call showed as chosen. */
  #chosen;
  /** @type {import('./words.js').Song?} */
  #song = null;
  #announcer = new Announcer();

  /**
   * @param {(id: string) => HTMLElement} find
   * @param {(name: string) => string} addressOf the address of a stream's player
   */
  constructor(find, addressOf) {
    super();
    this.#find = find;
    this.#addressOf = addressOf;
  }

  /**
   * @param {import('./station-info.js').Station} station
   * @param {import('./station-player.js').Playing?} playing
   */
  showStation(station, playing) {
    const find = this.#find;
    this.#station = station;
    setText(find('station'), station.name ?? 'ringcast');
    setText(find('genre'), station.genre ?? '');
    setText(find('description'), station.description ?? '');
    const homepage = find('homepage');
    homepage.hidden = station.homepage === null;
    if (station.homepage !== null) {
      homepage.href = station.homepage;
      setText(homepage, siteOf(station.homepage));
    }
    this.#arrange(station.streams);
    find('none').hidden = station.streams.length > 0;
    find('streams').classList.toggle('few', station.streams.length <= FEW);
    this.#showCards(() => true, playing);
    this.showPlaying(playing);
  }

  /** Gives the focus to the button of a stream, or of the first one where that stream is gone. The page does not scroll. */
  focusButton(name) {
    const first = this.#find('streams').firstElementChild?.dataset.stream;
    (this.#views.get(name) ?? this.#views.get(first))?.focus();
  }

  /** @param {import('./station-player.js').Playing?} playing */
  showPlaying(playing) {
    const find = this.#find;
    const changed = [this.#chosen, playing?.name];
    this.#chosen = playing?.name;
    this.#showCards(({ name }) => changed.includes(name), playing);
    this.#song = songOf(playing, this.#song);
    document.body.dataset.state = playing?.state ?? 'silent';
    setText(find('chosen'), playing?.label ?? text('station.nothing'));
    setText(find('track'), this.#song?.title ?? '');
    setText(find('artist'), this.#song?.artist ?? '');
    setText(find('sentence'), dockSentence(playing));
    const stop = find('stop');
    stop.disabled = playing === null;
    stop.setAttribute(
      'aria-label', text(playing === null || isPressed(playing.state) ? 'station.stop' : 'player.play'));
    document.title = windowTitle(this.#station?.name, playing);
    const news = this.#announcer.next(playing);
    if (news !== null) setText(find('news'), news);
  }

  /** Tells that the station does not answer. @param {number} retrySeconds until the next request */
  showFailure(retrySeconds) {
    const [failure, countdown] = [this.#find('failure'), this.#find('countdown')];
    setText(failure, failureText(this.#station !== null));
    setText(countdown, text('common.retry', { seconds: Math.max(1, Math.ceil(retrySeconds)) }));
    this.#find('trouble').classList.remove('hidden');
  }

  hideFailure() {
    for (const id of ['failure', 'countdown']) setText(this.#find(id), '');
    this.#find('trouble').classList.add('hidden');
  }

  showVolume(volume, isMuted) {
    const find = this.#find;
    const slider = find('volume');
    slider.value = isMuted ? 0 : volume;
    slider.setAttribute('aria-valuetext', isMuted
      ? text('common.muted') : text('common.percent', { value: Math.round(volume * 100) }));
    find('mute').setAttribute('aria-pressed', String(isMuted));
    document.body.classList.toggle('is-muted', isMuted || volume === 0);
  }

  #showCards(isWanted, playing) {
    for (const card of this.#station?.streams.filter(isWanted) ?? []) {
      this.#views.get(card.name).show(card, card.name === playing?.name ? playing : null);
    }
  }

  /** Makes the list equal to the streams. An element that stays is not moved, so that it keeps the focus. */
  #arrange(streams) {
    const list = this.#find('streams');
    const names = new Set(streams.map(({ name }) => name));
    for (const [name, view] of this.#views) {
      if (names.has(name)) continue;
      view.element.remove();
      this.#views.delete(name);
    }
    streams.forEach(({ name }, index) => {
      const { element } = this.#views.get(name) ?? this.#make(name);
      if (list.children[index] !== element) list.insertBefore(element, list.children[index] ?? null);
    });
  }

  #make(name) {
    const view = new StreamCardView(this.#find('card'), name, this.#addressOf(name));
    view.addEventListener('press', () => {
      const card = this.#station.streams.find((stream) => stream.name === name);
      if (card) this.dispatchEvent(Object.assign(new Event('press'), { card }));
    });
    this.#views.set(name, view);
    return view;
  }
}
