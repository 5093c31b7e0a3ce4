// Numbers in the form that people read.

/** Seconds as `3.4 s`, or as `0.34 s` below one second; an en dash for null. */
export const seconds = (value) => (value === null ? '–' : `${Math.max(0, value).toFixed(value < 0.995 ? 2 : 1)} s`);

/** Bits per second as `128 kbit/s`; an en dash for null. */
export const bitrate = (value) => (value === null ? '–' : `${Math.round(value / 1000)} kbit/s`);

/** Seconds as `0:07`, `12:03` or `1:00:00`. */
export function duration(value) {
  const [hours, minutes, rest] = [value / 3600, value / 60 % 60, value % 60].map(Math.floor);
  const pad = (number) => String(number).padStart(2, '0');
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(rest)}` : `${minutes}:${pad(rest)}`;
}

/**
 * The title of the window.
 * @param {import('../hls/date-range.js').NowPlaying?} playing
 */
export const documentTitle = (playing, stream) => {
  const line = [playing?.artist, playing?.title].filter(Boolean).join(' – ');
  return [line, stream, 'ringcast'].filter(Boolean).join(' · ');
};

/** The distance from live in words. */
export function behind(value) {
  const whole = Math.round(value);
  return whole === 1 ? '1 second behind live' : `${whole} seconds behind live`;
}
