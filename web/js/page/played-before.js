// "Played before": the titles before the one that is heard, with their times.

import { dateText } from '../language/formats.js';
import { locale } from '../language/texts.js';
import { titlesBefore } from './played-titles.js';

/** At most this number of titles is shown. */
const MAX_TITLES = 20;

/**
 * @typedef {object} PlayedTitle
 * @property {number} start milliseconds since 1970
 * @property {import('../hls/date-range.js').NowPlaying} playing
 *
 * @typedef {object} PlayedRow
 * @property {number} start
 * @property {string} text
 * @property {number?} agoSeconds from its start to the heard sound; null where the ring no longer has the start
 */

/**
 * @param {PlayedTitle[]} titles the latest first
 * @param {{heardDate: number?, behindEdgeSeconds: number, windowSeconds: number}} place of the playhead
 * @returns {PlayedRow[]}
 */
export function playedRows(titles, { heardDate, behindEdgeSeconds, windowSeconds }) {
  return titles.slice(0, MAX_TITLES).map(({ start, playing }) => {
    const agoSeconds = heardDate === null ? Infinity : (heardDate - start) / 1000;
    return {
      start,
      text: [playing.artist, playing.title].filter(Boolean).join(' – '),
      agoSeconds: behindEdgeSeconds + agoSeconds <= windowSeconds ? agoSeconds : null,
    };
  });
}

/**
 * @param {(id: string) => HTMLElement} find
 * @param {import('../playback/player.js').Player} player
 * @param {import('./played-titles.js').PlayedTitles} played
 * @returns {() => void} shows the present titles
 */
export function makePlayedBefore(find, player, played) {
  let shown = '';
  return () => {
    const rows = playedRows(titlesBefore(played.latest, player.playedBefore, player.heardDate), player);
    const key = JSON.stringify([locale(), ...rows.map(({ start, text, agoSeconds }) => [start, text, agoSeconds !== null])]);
    if (key === shown) return;
    shown = key;
    find('before').hidden = rows.length === 0;
    find('before-list').replaceChildren(...rows.map((row) => itemOf(row, player)));
  };
}

function itemOf({ start, text, agoSeconds }, player) {
  const item = document.createElement('li');
  const date = document.createElement('time');
  date.dateTime = new Date(start).toISOString();
  date.textContent = dateText(start, { hour: '2-digit', minute: '2-digit' }, locale());
  const title = document.createElement(agoSeconds === null ? 'span' : 'button');
  title.textContent = text;
  title.dir = 'auto';
  if (agoSeconds !== null) {
    title.type = 'button';
    title.addEventListener('click', () => player.goToDate(start));
  }
  item.append(date, ' ', title);
  return item;
}
