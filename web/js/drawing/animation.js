// Pictures that move, for whoever does not mind.

import { now } from '../net/alarm.js';

export const stillness = matchMedia('(prefers-reduced-motion: reduce)');

/** Has a picture drawn again and again, at least `interval` seconds apart, while the page is seen and may move. */
export function animate(draw, interval) {
  let drawnAt = -Infinity;
  requestAnimationFrame(function frame() {
    if (!stillness.matches && now() - drawnAt >= interval) {
      drawnAt = now();
      draw();
    }
    requestAnimationFrame(frame);
  });
}
