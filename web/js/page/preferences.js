// What the listener has set, kept between visits where the browser allows it.

import { DEFAULT_WISH, wishNamed } from '../playback/wishes.js';

const KEY = 'ringcast';
const DEFAULTS = { volume: 1, muted: false, wish: DEFAULT_WISH };

/** @returns {{volume: number, muted: boolean, wish: import('../playback/wishes.js').Wish}} */
export function loadPreferences() {
  try {
    return checked(JSON.parse(localStorage.getItem(KEY)));
  } catch {
    // Storage may be forbidden, and merely naming it then throws.
    return DEFAULTS;
  }
}

export function savePreferences({ volume, muted, wish }) {
  try {
    localStorage.setItem(KEY, JSON.stringify({ volume, muted, wish: wish.name }));
  } catch {
    // Forbidden or full: it lasts as long as the page.
  }
}

/** What was stored may come from another version, or from anybody. */
export function checked(stored) {
  const { volume, muted, wish } = stored ?? {};
  return {
    volume: typeof volume === 'number' && volume >= 0 && volume <= 1 ? volume : DEFAULTS.volume,
    muted: typeof muted === 'boolean' ? muted : DEFAULTS.muted,
    wish: wishNamed(wish) ?? DEFAULTS.wish,
  };
}
