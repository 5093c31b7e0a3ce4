// What the listener has set, kept between visits where the browser allows it.

const KEY = 'ringcast';
const DEFAULTS = { volume: 1, muted: false };

/** @returns {{volume: number, muted: boolean}} */
export function loadPreferences() {
  try {
    return checked(JSON.parse(localStorage.getItem(KEY)));
  } catch {
    // Storage may be forbidden, and merely naming it then throws.
    return DEFAULTS;
  }
}

export function savePreferences({ volume, muted }) {
  try {
    localStorage.setItem(KEY, JSON.stringify({ volume, muted }));
  } catch {
    // Forbidden or full: it lasts as long as the page.
  }
}

/** What was stored may come from another version, or from anybody. */
export function checked(stored) {
  const { volume, muted } = stored ?? {};
  return {
    volume: typeof volume === 'number' && volume >= 0 && volume <= 1 ? volume : DEFAULTS.volume,
    muted: typeof muted === 'boolean' ? muted : DEFAULTS.muted,
  };
}
