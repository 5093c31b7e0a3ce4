// Moving pictures, except where the visitor prefers none.

import { now } from '../net/clock.js';

export const stillness = matchMedia('(prefers-reduced-motion: reduce)');

/**
 * Calls `draw` again and again while the page is visible.
 * @param {() => void} draw
 * @param {number} intervalSeconds the shortest time between two calls
 */
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
