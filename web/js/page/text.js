// Figures as people read them.

/** Seconds as `3.4 s`, less than one as `0.34 s`; an en dash where there is none. */
export const seconds = (value) => (value === null ? '–' : `${Math.max(0, value).toFixed(value < 0.995 ? 2 : 1)} s`);

/** Bits a second as `128 kbit/s`. */
export const bitrate = (value) => (value === null ? '–' : `${Math.round(value / 1000)} kbit/s`);

/** A duration as `0:07`, `12:03`, `1:00:00`. */
export function duration(value) {
  const [hours, minutes, rest] = [value / 3600, value / 60 % 60, value % 60].map(Math.floor);
  const pad = (number) => String(number).padStart(2, '0');
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(rest)}` : `${minutes}:${pad(rest)}`;
}

/**
 * What the window is called.
 * @param {import('../hls/date-range.js').NowPlaying?} playing
 */
export const documentTitle = (playing, stream) => {
  const line = [playing?.artist, playing?.title].filter(Boolean).join(' – ');
  return [line, stream, 'ringcast'].filter(Boolean).join(' · ');
};

/** How far behind live, in words. */
export function behind(value) {
  const whole = Math.round(value);
  return whole === 1 ? '1 second behind live' : `${whole} seconds behind live`;
}
