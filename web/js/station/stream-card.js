// A card: one stream of the station, with its button. All texts are set as text, never as markup.

import { setAttribute, setText, setTexts } from '../language/elements.js';
import { text } from '../language/texts.js';
import { airOf, isPressed, listenersText } from './words.js';

/**
 * Events: `press` when the listener presses the button.
 */
export class StreamCardView extends EventTarget {
  /** The card's element, an item of the list. */
  element;

  #parts;

  /**
   * @param {HTMLTemplateElement} template
   * @param {string} name of the stream
   * @param {string} address of the stream's player
   */
  constructor(template, name, address) {
    super();
    this.element = template.content.firstElementChild.cloneNode(true);
    this.element.dataset.stream = name;
    this.#parts = Object.fromEntries(
      [...this.element.querySelectorAll('[data-part]')].map((part) => [part.dataset.part, part]));
    setTexts(this.element);
    this.#parts.open.href = address;
    this.#parts.button.addEventListener('click', () => this.dispatchEvent(new Event('press')));
  }

  focus() {
    this.#parts.button.focus({ preventScroll: true });
  }

  /**
   * @param {import('./station-info.js').StreamCard} card
   * @param {import('./station-player.js').Playing?} playing null where this stream is not chosen
   */
  show(card, playing) {
    const { title, button, air, listeners, track, artist, description, genre, lock, open, home, logo } = this.#parts;
    const { text: words, tone } = airOf(card);
    // The listener hears the stream a little later than the station tells of it.
    const nowPlaying = playing?.state === 'playing' ? playing.nowPlaying : card.nowPlaying;
    setText(title, card.label);
    setText(air, words);
    setText(listeners, listenersText(card.listeners));
    setText(track, nowPlaying?.title ?? '');
    setText(artist, nowPlaying?.artist ?? '');
    setText(description, card.description ?? '');
    setText(genre, card.genre ?? '');
    logo.hidden = card.logo === null;
    if (card.logo !== null) setAttribute(logo, 'src', card.logo);
    lock.hidden = !card.isPrivate;
    home.hidden = card.homepage === null;
    if (card.homepage !== null && home.href !== card.homepage) home.href = card.homepage;
    setAttribute(home, 'aria-label', text('station.website-of', { name: card.label }));
    setAttribute(open, 'aria-label', text('station.player-of', { name: card.label }));
    setAttribute(button, 'aria-label', text('station.play', { name: card.label }));
    setAttribute(button, 'aria-pressed', String(playing !== null && isPressed(playing.state)));
    this.element.dataset.tone = tone;
    this.element.dataset.state = playing?.state ?? 'silent';
  }
}
