// The name that the person used last, kept between visits where the browser allows that.

const KEY = 'ringcast.name';

/** @returns {string} empty where there is none */
export function rememberedName() {
  try {
    return localStorage.getItem(KEY) ?? '';
  } catch {
    return '';
  }
}

export function rememberName(name) {
  try {
    localStorage.setItem(KEY, name);
  } catch {
    // The storage is forbidden or full.
  }
}
