// The numbers of a status in the form that people read.

import { bitrate } from '../js/page/text.js';
import { span } from './overview.js';

/** Bytes with three digits, as `17.2 MB`. */
export function bytes(value) {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toPrecision(3)} ${units[unit]}`;
}

/** A number with its sign and one decimal. */
const signed = (value) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(1)}`;

/** The processor time used between two statuses, in per cent; an en dash where there is only one status. */
function processor({ uptime, process }, before) {
  const seconds = uptime - (before?.uptime ?? uptime);
  if (seconds <= 0) return '–';
  return `${((process.processor - before.process.processor) / seconds * 100).toFixed(1)} %`;
}

const count = (number, noun) => `${number} ${noun}${number === 1 ? '' : 's'}`;

/** The average time from captured to available in milliseconds; an en dash before the first segment. */
const latency = ({ count, sum }) => (count === 0 ? '–' : `${Math.round(sum / count * 1000)} ms`);

/**
 * @param {object} status
 * @param {object?} before an earlier status of the same run; null where there is none
 * @returns {{name: string, value: string, isBad: boolean}[]}
 */
export function factsOf(status, before) {
  const { stream, ring, source, server, disk, process, production } = status;
  const fact = (name, value, isBad = false) => ({ name, value, isBad });
  const drift = stream.drift === null ? 'not known yet' : `${signed(stream.drift)} ppm`;
  const sound = `${stream.sampleRate / 1000} kHz, ${stream.channels === 1 ? 'mono' : 'stereo'}`;
  return [
    fact('Format', `${bitrate(stream.bitrate)}, ${sound}`),
    fact('Ring', `${ring.segments} of ${stream.ringSize}, ${bytes(ring.bytes)}`),
    fact('Captured to available', latency(production.publishing)),
    fact('Clock drift', drift, Math.abs(stream.drift) > 200),
    fact('Overruns', String(stream.overruns), stream.overruns > 0),
    fact('Clipped', count(stream.clipped, 'sample'), stream.clipped > 0),
    fact('Silence added', span(source.filled), source.filled >= 1),
    fact('Device restarts', String(source.restarts), source.restarts > 0),
    fact('Disk', disk.well ? 'well' : `failing, ${count(disk.errors, 'error')}`, !disk.well),
    fact('Connections', `${server.connections}, ${count(server.refused, 'refusal')}`, server.refused > 0),
    fact('Dropped as too slow', String(server.timeouts + server.late)),
    fact('Sent', bytes(server.bytes)),
    fact('Memory', process.memory === null ? '–' : bytes(process.memory)),
    fact('Processor', processor(status, before)),
    fact('Open files', process.descriptors === null ? '–' : `${process.descriptors} of ${process.mostDescriptors}`),
    fact('Up', span(status.uptime)),
  ];
}

const WAYS = { growing: 'as it is recorded', lowLatency: 'low latency', plain: 'plain', endless: 'endless' };

/** Pairs of a way of listening and its number of listeners. */
export const waysOf = ({ listeners }) => Object.entries(WAYS).map(([way, name]) => [name, listeners[way] ?? 0]);
