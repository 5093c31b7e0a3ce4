// Elements made from data. Text always becomes text, never markup.

import { setTextsOf } from '../language/elements.js';

export { setKey, setText, setWords } from '../language/elements.js';

/**
 * @param {string} tag
 * @param {Record<string, unknown>} attributes a value of null or false leaves the attribute out, true is an empty
 *   value; a function is a listener, such as `onclick`; `data-text` and its relatives name texts (language/elements.js)
 * @param {...(Node | string | null | false)} children
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== false && value !== undefined) {
      element.setAttribute(name, value === true ? '' : value);
    }
  }
  element.append(...children.filter((child) => child !== null && child !== false));
  setTextsOf(element);
  return element;
}

