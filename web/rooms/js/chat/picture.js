// A member's picture: the first letter of the name in a colour of its own.

import { hueOf, initial } from '../text/names.js';
import { make } from './elements.js';

/** @param {string} name */
export function makePicture(name) {
  const picture = make('span', { class: 'picture', 'aria-hidden': 'true' }, initial(name));
  // The content security policy allows a style that a script sets, but no attribute `style`.
  picture.style.setProperty('--hue', hueOf(name));
  return picture;
}
