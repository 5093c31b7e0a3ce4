// Elements: makes elements of the page. Text goes in as text, never as markup.

/**
 * @param {string} name of the element
 * @param {Record<string, string | boolean>} attributes `true` sets an attribute without a value, `false` sets none
 * @param {...(Node | string)} children
 */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== false) made.setAttribute(key, value === true ? '' : value);
  }
  made.append(...children);
  return made;
}

/** Sets a text only where it differs, so that a screen reader does not read it again. */
export function setText(target, text) {
  if (target.textContent !== text) target.textContent = text;
}
