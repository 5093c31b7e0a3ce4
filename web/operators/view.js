// The view: it shows the overview and the status in the page's elements.

import { onScale } from '../js/drawing/meter.js';
import { setText as write } from '../js/language/elements.js';
import { languageNow, text as textOf } from '../js/language/texts.js';
import { decimal } from '../js/page/text.js';
import { factsOf, waysOf } from './facts.js';
import { clock } from './overview.js';
import { captionOf, plotOf, stepsOf } from './plot.js';

const SVG = 'http://www.w3.org/2000/svg';
/** The number of samples in an hour. */
const HOUR = 360;

/** @param {(id: string) => HTMLElement} find */
export function makeView(find) {
  const set = (id, value) => write(find(id), value);
  let drawn = '';

  return { overview, status };

  /** @param {import('./overview.js').Overview} overview */
  function overview({ state, headline, sentence, playing, alarm, since }) {
    document.body.dataset.state = state;
    set('headline', headline);
    set('sentence', sentence);
    set('playing', playing);
    set('alarm', alarm);
    // The age is outside of the live regions, so that a screen reader does not read each second.
    set('alarm-age', since);
    find('token-form').hidden = state !== 'locked';
  }

  function status(status, before) {
    const { stream, listeners } = status;
    set('stream', stream.stream);
    set('listeners', String(listeners.now));
    set('listeners-word', textOf('status.listeners', { count: listeners.now }));
    set('asked', textOf('status.as-of', { version: status.version, time: clock(status.now) }));
    rows(find('levels'), stream.levels.length, level);
    const names = stream.levels.length === 1 ? [''] : ['L', 'R'];
    stream.levels.forEach((value, i) => showLevel(find('levels').rows[i], value, names[i]));
    pairs(find('facts'), factsOf(status, before).map(({ name, value, isBad }) => [name, value, isBad]));
    pairs(find('ways'), waysOf(status));
    audience(status);
    tail(status.log);
  }

  /** Shows the curve and its table, if they have changed. */
  function audience({ history, now }) {
    const svg = find('plot');
    const { width, height } = svg.getBoundingClientRect();
    const key = `${languageNow()} ${history.listeners} ${width} ${height}`;
    if (key === drawn || width === 0) return;
    drawn = key;
    const { line, area, rows, columns } = plotOf(history.listeners, HOUR, { width, height });
    const [left, right] = [columns[0].x, columns.at(-1).x];
    svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
    svg.setAttribute('aria-label', captionOf(history.listeners));
    svg.replaceChildren(
      ...rows.flatMap(({ y, label }) => [
        shape('path', { class: 'grid', d: `M${left} ${y}H${right}` }), text(label, { class: 'row', x: left - 8, y }),
      ]),
      ...columns.map(({ x, label }) => {
        const anchor = x === left ? 'start' : x === right ? 'end' : 'middle';
        return text(label, { class: 'column', x, y: height - 6, 'text-anchor': anchor });
      }),
      shape('path', { class: 'area', d: area }), shape('path', { class: 'line', d: line }));
    const steps = stepsOf(history.listeners, history.interval, Date.parse(now));
    find('hour').replaceChildren(...steps.map(({ from, least, most }) => row([clock(from).slice(0, 5), most, least])));
  }

  /** Shows the log, the newest entry last. The list follows the newest entry unless the operator has scrolled up. */
  function tail(entries) {
    const list = find('log');
    const key = `${languageNow()} ${entries.at(0)?.time} ${entries.at(-1)?.time} ${entries.length}`;
    if (list.dataset.key === key) return;
    list.dataset.key = key;
    const isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 8;
    list.replaceChildren(...entries.map(logEntry));
    if (isAtEnd) list.scrollTop = list.scrollHeight;
  }
}

/** Gives a table's body this number of rows. */
function rows(body, count, make) {
  while (body.rows.length > count) body.lastElementChild.remove();
  while (body.rows.length < count) body.append(make());
}

const row = (cells) => {
  const row = document.createElement('tr');
  row.append(...cells.map((value) => make('td', '', String(value))));
  return row;
};

const level = () => {
  const row = document.createElement('tr');
  const meter = make('td', 'meter');
  meter.append(make('span', 'rms'), make('span', 'peak'));
  const name = make('th', '');
  name.scope = 'row';
  row.append(name, meter, make('td', 'figure'), make('td', 'figure'));
  return row;
};

function showLevel(row, { peak, rms }, name) {
  const [head, meter, ...figures] = row.cells;
  write(head, name);
  head.setAttribute('aria-label', textOf({ L: 'status.left', R: 'status.right' }[name] ?? 'status.mono'));
  const place = (decibels) => `${(onScale(10 ** (decibels / 20)) * 100).toFixed(1)}%`;
  meter.style.setProperty('--rms', place(rms));
  meter.style.setProperty('--peak', place(peak));
  meter.classList.toggle('hot', peak > -1);
  [['peak', peak], ['rms', rms]].forEach(([word, value], i) => write(figures[i], textOf(`status.${word}-value`, { value: decibels(value) })));
}

const decibels = (value) => textOf('status.decibels', {
  value: `${value < 0 ? '−' : ''}${decimal(Math.abs(value), 1)}`,
});

/** Shows these entries in a description list: name, value, whether the value is bad. */
function pairs(list, entries) {
  while (list.children.length > entries.length) list.lastElementChild.remove();
  while (list.children.length < entries.length) {
    const pair = document.createElement('div');
    pair.append(make('dt', ''), make('dd', ''));
    list.append(pair);
  }
  entries.forEach(([name, value, isBad], i) => {
    const [term, description] = list.children[i].children;
    write(term, name);
    write(description, String(value));
    list.children[i].classList.toggle('bad', isBad === true);
  });
}

function logEntry({ time, level, message }) {
  const item = make('li', level);
  const date = make('time', '', clock(time));
  date.dateTime = time;
  item.append(date, make('b', '', level === 'info' ? '' : level), make('span', '', message));
  return item;
}

function make(name, className, content = '') {
  const element = document.createElement(name);
  element.className = className;
  element.textContent = content;
  return element;
}

function shape(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

function text(content, attributes) {
  const element = shape('text', attributes);
  element.textContent = content;
  return element;
}
