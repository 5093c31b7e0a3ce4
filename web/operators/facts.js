// The numbers of a status in the form that people read.

import { number } from '../js/language/formats.js';
import { locale, text } from '../js/language/texts.js';
import { bitrate, decimal } from '../js/page/text.js';
import { span } from './overview.js';

/** Bytes with three digits, as `17.2 MB`. */
export function bytes(value) {
  const units = ['figure.bytes', 'recordings.kilobytes', 'recordings.megabytes', 'recordings.gigabytes', 'figure.terabytes'];
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = { minimumSignificantDigits: 3, maximumSignificantDigits: 3 };
  return text(units[unit], { value: unit === 0 ? value : number(value, digits, locale()) });
}

/** A number with its sign and one decimal. */
const signed = (value) => `${value < 0 ? '−' : '+'}${decimal(Math.abs(value), 1)}`;

/** The processor time used between two statuses, in per cent; an en dash where there is only one status. */
function processor({ uptime, process }, before) {
  const seconds = uptime - (before?.uptime ?? uptime);
  if (seconds <= 0) return '–';
  const share = (process.processor - before.process.processor) / seconds;
  return text('common.percent', { value: decimal(share * 100, 1) });
}

/** The average time from captured to available in milliseconds; an en dash before the first segment. */
const latency = ({ count, sum }) => (count === 0 ? '–' : text('common.milliseconds', { value: Math.round(sum / count * 1000) }));

/**
 * @param {object} status
 * @param {object?} before an earlier status of the same run; null where there is none
 * @returns {{name: string, value: string, isBad: boolean}[]}
 */
export function factsOf(status, before) {
  const { stream, ring, source, server, disk, process, production } = status;
  const fact = (name, value, isBad = false) => ({ name, value, isBad });
  const drift = stream.drift === null
    ? text('figure.drift-unknown') : text('figure.ppm', { value: signed(stream.drift) });
  const rate = text('common.kilohertz', { value: stream.sampleRate / 1000 });
  const sound = `${rate}, ${text(stream.channels === 1 ? 'common.mono' : 'common.stereo')}`;
  return [
    fact(text('figure.format'), `${bitrate(stream.bitrate)}, ${sound}`),
    fact(text('figure.ring'), text('figure.ring-value', {
      segments: ring.segments, size: stream.ringSize, bytes: bytes(ring.bytes),
    })),
    fact(text('figure.publishing'), latency(production.publishing)),
    fact(text('figure.drift'), drift, Math.abs(stream.drift) > 200),
    fact(text('figure.overruns'), String(stream.overruns), stream.overruns > 0),
    fact(text('figure.clipped'), text('figure.samples', { count: stream.clipped }), stream.clipped > 0),
    fact(text('figure.filled'), span(source.filled), source.filled >= 1),
    fact(text('figure.restarts'), String(source.restarts), source.restarts > 0),
    fact(text('figure.disk'),
      disk.well ? text('figure.disk-well') : text('figure.disk-failing', { count: disk.errors }), !disk.well),
    fact(text('figure.connections'), text('figure.connections-value', {
      connections: server.connections, count: server.refused,
    }), server.refused > 0),
    fact(text('figure.dropped'), String(server.timeouts + server.late)),
    fact(text('figure.sent'), bytes(server.bytes)),
    fact(text('figure.memory'), process.memory === null ? '–' : bytes(process.memory)),
    fact(text('figure.processor'), processor(status, before)),
    fact(text('figure.files'), process.descriptors === null ? '–' : text('figure.files-value', {
      open: String(process.descriptors), most: String(process.mostDescriptors),
    })),
    fact(text('figure.up'), span(status.uptime)),
  ];
}

const WAYS = ['growing', 'lowLatency', 'plain', 'endless'];

/** Pairs of a way of listening and its number of listeners. */
export const waysOf = ({ listeners }) => WAYS.map((way) => [text(`figure.way-${way}`), listeners[way] ?? 0]);
