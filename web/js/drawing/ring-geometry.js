// The places on the ring: pure geometry, in units of the drawing.
//
// The ring has one slot for each segment that the server keeps. A segment's slot is its media sequence number modulo
// the size of the ring. Time runs clockwise from the top.

export const CENTER = 220;
const RADIUS = 164;
/** Half the length of the loudest bar and of the faintest. */
const LOUDEST = 33;
const FAINTEST = 0.6;
const BAR_SPACING = 4.8;
/** The fraction of a slot that stays free between two segments. */
const GAP_FRACTION = 0.03;

/** The number of bars of a segment in a ring with this number of slots. */
export const barCount = (slots) =>
  Math.max(1, Math.floor(2 * Math.PI * RADIUS * (1 - GAP_FRACTION) / slots / BAR_SPACING));

/** The angle of a place in a segment, in degrees clockwise from the top. `fraction` (0 to 1) is the place. */
export const angleOf = (sequence, fraction, slots) =>
  ((sequence % slots) + GAP_FRACTION / 2 + (1 - GAP_FRACTION) * fraction) / slots * 360;

export function point(angle, radius) {
  const radians = angle * Math.PI / 180;
  return [CENTER + radius * Math.sin(radians), CENTER - radius * Math.cos(radians)].map((value) => value.toFixed(1));
}

/** The bars from index `from` to before `to` as the data of an SVG path. `bars` are levels of 0 to 1. */
export function barsPath(sequence, bars, from, to, slots) {
  let path = '';
  for (let i = from; i < to; i++) {
    const angle = angleOf(sequence, (i + 0.5) / bars.length, slots);
    // A bar grows less than its level, because loudness also grows less than the level.
    const half = FAINTEST + (LOUDEST - FAINTEST) * bars[i] ** 0.6;
    path += `M${point(angle, RADIUS - half)}L${point(angle, RADIUS + half)}`;
  }
  return path;
}

/** A clockwise arc of less than a full turn. */
export function arcPath(fromAngle, toAngle, radius = RADIUS) {
  const large = toAngle - fromAngle > 180 ? 1 : 0;
  return `M${point(fromAngle, radius)}A${radius} ${radius} 0 ${large} 1 ${point(toAngle, radius)}`;
}

/** The angle of a point of the drawing in degrees; null for a point that is not on the ring. */
export function angleAt(x, y) {
  const radius = Math.hypot(x - CENTER, y - CENTER);
  if (Math.abs(radius - RADIUS) > LOUDEST + 12) return null;
  return (Math.atan2(x - CENTER, CENTER - y) * 180 / Math.PI + 360) % 360;
}
