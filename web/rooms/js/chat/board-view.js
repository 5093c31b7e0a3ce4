// The board: the latest score, and the polls that are open.

import { voteCount } from '../text/sentences.js';
import { make, setText } from './elements.js';

export class BoardView {
  #container;
  #onVote;
  #onEnd;
  #score = make('p', { class: 'board-score', hidden: true });
  #polls = new Map();

  /**
   * @param {HTMLElement} container
   * @param {object} client
   * @param {(poll: number, choice: number) => void} client.onVote `choice` is an index
   * @param {((poll: object) => void)?} client.onEnd ends a poll; null where this page may not
   */
  constructor(container, { onVote, onEnd = null }) {
    this.#container = container;
    this.#onVote = onVote;
    this.#onEnd = onEnd;
    container.append(this.#score);
  }

  /** @param {{polls: Map<number, object>, votes: Map<number, number>, score: object?, isHost: boolean}} state */
  render({ polls, votes, score, isHost }) {
    this.#container.hidden = polls.size === 0 && score === null;
    this.#score.hidden = score === null;
    setText(this.#score, score?.text ?? '');
    for (const [number, card] of this.#polls) {
      if (polls.has(number)) continue;
      card.element.remove();
      this.#polls.delete(number);
    }
    for (const [number, poll] of polls) {
      if (!this.#polls.has(number)) {
        const card = this.#makeCard(poll);
        this.#polls.set(number, card);
        this.#container.append(card.element);
      }
      this.#polls.get(number).update(poll, votes.get(number), isHost);
    }
  }

  /** A card stays while the counts change, so that the focus stays, too. */
  #makeCard(poll) {
    const rows = poll.choices.map((choice, index) => {
      const radio = make('input', {
        type: 'radio', name: `poll-${poll.poll}`, value: String(index), onchange: () => this.#onVote(poll.poll, index),
      });
      const count = make('span', { class: 'votes' });
      return { radio, count, element: make('label', { class: 'choice' }, radio, make('span', {}, choice), count) };
    });
    const total = make('span', {});
    const end = make('button', { type: 'button', class: 'quiet', 'data-text': 'room.end-poll', onclick: () => this.#onEnd?.(poll) });
    const element = make(
      'fieldset', { class: 'poll' }, make('legend', {}, poll.question), ...rows.map((row) => row.element),
      make('p', { class: 'total' }, total, end));
    const update = ({ votes }, own, isHost) => {
      const sum = votes.reduce((one, other) => one + other, 0);
      rows.forEach(({ radio, count, element: row }, index) => {
        radio.checked = index === own;
        setText(count, String(votes[index]));
        row.style.setProperty('--share', sum === 0 ? 0 : votes[index] / sum);
      });
      setText(total, voteCount(sum));
      end.hidden = !isHost || this.#onEnd === null;
    };
    return { element, update };
  }
}
