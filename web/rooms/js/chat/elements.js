// Elements of the rooms.

export { make, setKey, setText, setWords } from '../../../js/elements/elements.js';

const SVG = 'http://www.w3.org/2000/svg';
const STROKES = {
  hand: 'M8 12V5.5a1.5 1.5 0 0 1 3 0V11V3.5a1.5 1.5 0 0 1 3 0V11V5a1.5 1.5 0 0 1 3 0'
    + 'v9c0 4-2.5 7-6 7s-5-2-7.5-6c-.8-1.4.9-2.6 2-1.5L8 15.5',
  microphone: 'M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3zM5.5 11a6.5 6.5 0 0 0 13 0M12 17.5V21',
  muted: 'M9 9v2a3 3 0 0 0 5 2.2M15 10V6a3 3 0 0 0-5.8-1M5.5 11a6.5 6.5 0 0 0 10.6 5M12 17.5V21M4 4l16 16',
  people: 'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c0-4 2.5-6 6.5-6s6.5 2 6.5 6'
    + 'M16 4.5a3.5 3.5 0 0 1 0 6.2M18 14.5c2.2.8 3.5 2.7 3.5 5.5',
  dots: 'M12 5.5v.01M12 12v.01M12 18.5v.01',
  send: 'M5 12h13M12.5 6l6 6-6 6',
  lock: 'M7 11V8a5 5 0 0 1 10 0v3M5.5 11h13v9h-13z',
  call: 'M3.5 7h11v10h-11zM14.5 11l6-3.5v9l-6-3.5',
  away: 'M19 14.5A7.5 7.5 0 0 1 9.5 5a7.5 7.5 0 1 0 9.5 9.5z',
  network: 'M5 18v-3M10 18v-6M15 18.5V9M20 18.5V5M3 4l17 17',
  delete: 'M6 6l12 12M18 6L6 18',
};

/** A symbol that says nothing to a screen reader. @param {keyof STROKES} name */
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  const path = document.createElementNS(SVG, 'path');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('class', 'icon');
  path.setAttribute('d', STROKES[name]);
  svg.append(path);
  return svg;
}
