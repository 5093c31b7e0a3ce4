// A clip of the ring, on the page of a listener.

import { make } from '../elements/elements.js';
import { dateText } from '../language/formats.js';
import { locale, text } from '../language/texts.js';
import { ClipPanel } from './clip-panel.js';

const TEXTS = {
  get secret() { return text('clip.secret'); },
  note: (time) => text('clip.until', { time }),
};

/**
 * Dates of the sound that may be cut, in seconds since 1970; null where nothing was heard yet.
 * @param {{heardDate: number?, behindEdgeSeconds: number, windowSeconds: number}} player `heardDate` in milliseconds
 */
export function ringLimits({ heardDate, behindEdgeSeconds, windowSeconds }) {
  if (heardDate === null || !(windowSeconds > 0)) return null;
  const max = heardDate / 1000 + Math.max(0, behindEdgeSeconds);
  return { min: Math.ceil(max - windowSeconds), max: Math.floor(max * 10) / 10 };
}

/** The address of a clip. @param {string} endless the URL of the endless stream, `/NAME.mp3` */
export function ringClipURL(endless, from, to) {
  const url = new URL(endless);
  url.pathname = url.pathname.replace(/\.mp3$/, '/clip.mp3');
  // The dates of the playlist have milliseconds.
  url.searchParams.set('from', new Date(Math.round(from * 1000)).toISOString());
  url.searchParams.set('to', new Date(Math.round(to * 1000)).toISOString());
  return url.href;
}

/**
 * @param {HTMLElement} details which holds the panel
 * @param {import('../playback/player.js').Player} player
 * @param {ReturnType<import('../page/stream-urls.js').streamURLs>} stream
 * @param {EventTarget} ticker its `tick` events follow the ring
 */
export function connectRingClip(details, player, stream, ticker) {
  const time = (date) => dateText(date, { hour: '2-digit', minute: '2-digit' }, locale());
  const exact = (date) => dateText(date, { hour: '2-digit', minute: '2-digit', second: '2-digit' }, locale());
  /** The latest limits: without a playhead, the ring stays where it was. */
  let latest = null;
  const limits = () => { latest = ringLimits(player) ?? latest; return latest; };
  const panel = new ClipPanel({
    limits,
    place: () => (player.heardDate === null ? null : player.heardDate / 1000),
    words: (place) => exact(new Date(place * 1000)),
    url: (from, to) => ringClipURL(stream.endless, from, to),
    name: `${stream.name}-clip.mp3`,
    note: (from) => [
      TEXTS.note(time(new Date((from + player.windowSeconds) * 1000))), stream.hasToken ? TEXTS.secret : '',
    ].filter(Boolean).join(' '),
  });
  panel.element.addEventListener('play', () => player.pause());
  details.append(make('p', { class: 'clip-hint', 'data-text': 'clip.hint' }), panel.element);
  const update = () => { if (details.open) panel.update(); };
  details.addEventListener('toggle', () => { if (details.open) panel.propose(); });
  ticker.addEventListener('tick', update);
}
