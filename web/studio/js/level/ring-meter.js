// The meter around the on-air light: the level as an arc of lamps, and a mark at the highest peak.

import { FLOOR_DB, HOT_DB, MARKS_DB, onScale } from './scale.js';

const SVG = 'http://www.w3.org/2000/svg';
const CENTRE = [220, 210];
const RADIUS = 172;
const LABEL_RADIUS = 200;
/** The arc is open below, where the unit has its place; degrees, clockwise from the right. */
const BEGIN = 140;
const SWEEP = 260;
const LAMPS = 78;

const at = (share, radius) => {
  const angle = (BEGIN + SWEEP * share) * Math.PI / 180;
  return [CENTRE[0] + radius * Math.cos(angle), CENTRE[1] + radius * Math.sin(angle)].map((value) => value.toFixed(2));
};
const arc = (from, to) => {
  const isLong = (to - from) * SWEEP > 180 ? 1 : 0;
  return `M${at(from, RADIUS)}A${RADIUS} ${RADIUS} 0 ${isLong} 1 ${at(to, RADIUS)}`;
};

export class RingMeter {
  #level;
  #hot;
  #peak;

  /** @param {SVGSVGElement} svg */
  constructor(svg) {
    const gap = 0.42;
    const lamps = shape('path', {
      d: arc(0, 1), pathLength: LAMPS - gap, stroke: '#fff', 'stroke-width': 26, fill: 'none',
      'stroke-dasharray': `${1 - gap} ${gap}`,
    });
    const mask = shape('mask', { id: 'lamps', maskUnits: 'userSpaceOnUse', x: 0, y: 0, width: 440, height: 368 });
    mask.append(lamps);
    const inLamps = shape('g', { mask: 'url(#lamps)' });
    const edge = onScale(HOT_DB);
    this.#level = shape('path', { class: 'level', d: arc(0, edge), pathLength: 1, 'stroke-dasharray': '0 2' });
    this.#hot = shape('path', { class: 'hot', d: arc(edge, 1), pathLength: 1, 'stroke-dasharray': '0 2' });
    inLamps.append(
      shape('path', { class: 'scale', d: arc(0, edge) }), shape('path', { class: 'scale hot-scale', d: arc(edge, 1) }),
      this.#level, this.#hot);
    this.#peak = shape('path', { class: 'peak', d: `M${at(0, RADIUS - 17)}L${at(0, RADIUS + 17)}` });
    svg.append(mask, inLamps, this.#peak, ...MARKS_DB.map(label), word('dB', CENTRE[0], 361));
    this.draw(FLOOR_DB, FLOOR_DB);
  }

  /** @param {number} level dB @param {number} peak dB */
  draw(level, peak) {
    const edge = onScale(HOT_DB);
    const share = onScale(level);
    this.#level.setAttribute('stroke-dasharray', `${Math.min(1, share / edge).toFixed(3)} 2`);
    this.#hot.setAttribute('stroke-dasharray', `${Math.max(0, (share - edge) / (1 - edge)).toFixed(3)} 2`);
    this.#peak.setAttribute('transform', `rotate(${(SWEEP * onScale(peak)).toFixed(2)} ${CENTRE.join(' ')})`);
    this.#peak.classList.toggle('is-hot', peak >= HOT_DB);
    this.#peak.classList.toggle('is-shown', peak > FLOOR_DB);
  }
}

function label(db) {
  const [x, y] = at(onScale(db), LABEL_RADIUS);
  return word(String(Math.abs(db)), x, y);
}

function word(content, x, y) {
  const text = shape('text', { x, y, class: 'mark-label' });
  text.textContent = content;
  return text;
}

function shape(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}
