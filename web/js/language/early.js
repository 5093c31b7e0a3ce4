// Tells the document its language before the first drawing, where that is possible. The texts of a page in another
// language than English stay invisible until their table is there (page.js), so that nobody sees English texts flash by.

import { attributesOf, chosenLanguage, storedLanguage } from './choice.js';

const code = chosenLanguage(navigator.languages, storedLanguage());
Object.assign(document.documentElement, attributesOf(code));
document.documentElement.classList.toggle('awaits-language', code !== 'en');
