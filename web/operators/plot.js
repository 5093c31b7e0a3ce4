// The plot: a curve of samples over time. Pure geometry, in pixels of the drawing.

import { text } from '../js/language/texts.js';

const MARGIN = { left: 34, right: 10, top: 10, bottom: 24 };
/** In a narrower plot the labels below it would touch. */
const NARROW = 420;

/** The smallest round number that is at least `value`. It is the top of a scale that starts at 0 and is halved. */
export function roundTop(value) {
  for (let unit = 1; ; unit *= 10) {
    for (const factor of [2, 4, 10]) if (factor * unit >= value) return factor * unit;
  }
}

/**
 * @param {(number?)[]} samples the oldest first, the last one is now; null for a missing sample
 * @param {number} length the number of samples of a full plot
 * @param {{width: number, height: number}} size
 * @returns {{line: string, area: string, top: number, rows: {y: number, label: string}[],
 *   columns: {x: number, label: string}[]}} paths, and the scales
 */
export function plotOf(samples, length, { width, height }) {
  const top = roundTop(Math.max(2, ...samples.map((value) => value ?? 0)));
  const [left, right, low, high] = [MARGIN.left, width - MARGIN.right, height - MARGIN.bottom, MARGIN.top];
  const x = (index) => right - (samples.length - 1 - index) / (length - 1) * (right - left);
  const y = (value) => low - value / top * (low - high);
  const point = (value, index) => `${x(index).toFixed(1)} ${y(value).toFixed(1)}`;
  let [line, area] = ['', ''];
  for (const run of runs(samples)) {
    const points = run.map(({ value, index }) => point(value, index)).join('L');
    // A single sample is a dot.
    line += `M${points}${run.length === 1 ? 'h0' : ''}`;
    area += `M${point(0, run[0].index)}L${points}L${point(0, run.at(-1).index)}Z`;
  }
  return {
    line, area, top,
    rows: [0, top / 2, top].map((value) => ({ y: y(value), label: String(value) })),
    columns: (width < NARROW ? [60, 30, 0] : [60, 45, 30, 15, 0]).map((minutes) => ({
      x: right - minutes / 60 * (right - left), label: minutes === 0 ? text('player.now') : text('status.minutes-ago', { minutes }),
    })),
  };
}

/** The runs of samples between the gaps. */
function runs(samples) {
  const runs = [];
  samples.forEach((value, index) => {
    if (value === null) return;
    if (index === 0 || samples[index - 1] === null) runs.push([]);
    runs.at(-1).push({ value, index });
  });
  return runs;
}

/** The curve in a sentence. */
export function captionOf(samples) {
  const known = samples.filter((value) => value !== null);
  if (known.length === 0) return text('status.no-figures');
  const [least, most] = [Math.min(...known), Math.max(...known)];
  return text('status.hour-caption', { now: known.at(-1), least, most });
}

/**
 * The hour in steps of five minutes, the latest step first.
 * @param {number} interval seconds between two samples
 * @param {number} now ms since 1970
 * @returns {{from: number, least: number, most: number}[]} `from` in ms since 1970. A step without a
 *   sample is left out.
 */
export function stepsOf(samples, interval, now) {
  const size = Math.round(300 / interval);
  const steps = [];
  for (let end = samples.length; end > 0; end -= size) {
    const begin = Math.max(0, end - size);
    const known = samples.slice(begin, end).filter((value) => value !== null);
    if (known.length === 0) continue;
    const from = now - (samples.length - begin) * interval * 1000;
    steps.push({ from, least: Math.min(...known), most: Math.max(...known) });
  }
  return steps;
}
