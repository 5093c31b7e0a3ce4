// The tiles: one for each member of the call, with picture, sound, name and state.

import { text } from '../../../js/language/texts.js';
import { make, setText } from '../chat/elements.js';
import { tileWords } from './words.js';

/** A member counts as talking from this level on, 0 to 1. */
const TALKING_LEVEL = 0.03;

/**
 * @typedef {object} TileState
 * @property {string} name
 * @property {boolean} isYou
 * @property {import('./peer.js').PeerState} state
 * @property {boolean} microphone whether the member can be heard
 * @property {boolean} camera whether the member can be seen
 * @property {{audio: MediaStreamTrack?, video: MediaStreamTrack?}} tracks
 */

export class Tiles {
  element = make('ul', { class: 'call-tiles', 'data-text-label': 'call.members' });

  #tiles = new Map();
  #onBlocked;

  /** @param {() => void} onBlocked called when the browser plays sound only after a click */
  constructor(onBlocked) {
    this.#onBlocked = onBlocked;
  }

  /** @param {[unknown, TileState][]} states by member id, in the order of the tiles */
  show(states) {
    const ids = new Set(states.map(([id]) => id));
    for (const [id, tile] of this.#tiles) {
      if (ids.has(id)) continue;
      tile.close();
      this.#tiles.delete(id);
    }
    for (const [id, state] of states) {
      let tile = this.#tiles.get(id);
      if (!tile) {
        tile = new Tile(id, this.#onBlocked);
        this.#tiles.set(id, tile);
        this.element.append(tile.element);
      }
      tile.show(state);
    }
    this.element.dataset.count = states.length;
  }

  /** @param {(id: unknown) => number} levelOf the loudness of a member, 0 to 1 */
  showLevels(levelOf) {
    for (const [id, tile] of this.#tiles) tile.element.classList.toggle('is-talking', levelOf(id) > TALKING_LEVEL);
  }

  /** Plays what the browser has blocked: for a click. */
  play() {
    for (const tile of this.#tiles.values()) tile.play();
  }
}

class Tile {
  // Sound and picture have an element each: the picture may be missing for long, and the sound does not wait.
  #video = make('video', { autoplay: true, playsinline: true });
  #audio = make('audio', { autoplay: true });
  #name = make('span', { class: 'call-name' });
  #words = make('span', { class: 'call-words' });
  #initial = make('span', { class: 'call-initial', 'aria-hidden': 'true' });
  #onBlocked;
  #shown = { audio: null, video: null };

  constructor(id, onBlocked) {
    this.#onBlocked = onBlocked;
    // The attribute `muted` has no effect on an element that a script makes.
    this.#video.muted = true;
    this.element = make('li', { class: 'call-tile', 'data-member': String(id) },
      this.#initial, this.#video, this.#audio,
      make('p', { class: 'call-caption' }, this.#name, this.#words));
  }

  /** @param {TileState} tile */
  show({ name, isYou, state, microphone, camera, tracks }) {
    const { dataset, classList } = this.element;
    Object.assign(dataset, { state, microphone: String(microphone), camera: String(camera) });
    classList.toggle('is-you', isYou);
    setText(this.#name, isYou ? text('common.you', { name }) : name);
    setText(this.#words, tileWords({ state, microphone, camera }));
    setText(this.#initial, [...name][0] ?? '');
    this.#video.setAttribute('aria-label', isYou ? text('call.own-picture') : text('call.picture', { name }));
    this.#video.hidden = !camera;
    this.#attach(this.#video, 'video', tracks.video);
    // Nobody hears himself.
    if (!isYou) this.#attach(this.#audio, 'audio', tracks.audio);
  }

  play() {
    for (const media of [this.#video, this.#audio]) {
      if (media.srcObject) media.play().catch(() => {});
    }
  }

  close() {
    for (const media of [this.#video, this.#audio]) media.srcObject = null;
    this.element.remove();
  }

  #attach(media, kind, track) {
    if (this.#shown[kind] === track) return;
    this.#shown[kind] = track;
    media.srcObject = track && new MediaStream([track]);
    if (!track) return;
    media.play().catch(({ name }) => {
      if (name === 'NotAllowedError') this.#onBlocked();
    });
  }
}
