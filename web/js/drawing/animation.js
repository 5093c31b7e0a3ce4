// Pictures that move, for whoever does not mind.

import { now } from '../net/clock.js';

export const stillness = matchMedia('(prefers-reduced-motion: reduce)');

/** Has a picture drawn again and again, at least `intervalSeconds` seconds apart, while the page is seen and may move. */
export function animate(draw, intervalSeconds) {
  let drawnAt = -Infinity;
  requestAnimationFrame(function frame() {
    if (!stillness.matches && now() - drawnAt >= intervalSeconds) {
      drawnAt = now();
      draw();
    }
    requestAnimationFrame(frame);
  });
}
