// The pages and their modules as the tests of the texts read them.

import { readFileSync, readdirSync } from 'node:fs';

const web = new URL('../../../web/', import.meta.url);
const files = readdirSync(web, { recursive: true });
const read = (name) => ({ name, source: readFileSync(new URL(name, web), 'utf8') });

/** A module without its comments. */
const withoutComments = ({ name, source }) => ({
  name, source: source.replace(/\/\*\*?[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/ .*$/gm, '$1'),
});

/** All modules, tables left out. */
export const modules = files.filter((name) => name.endsWith('.js') && !/^js\/language\/[a-z]{2}\.js$/.test(name))
  .map(read).map(withoutComments);

export const pages = files.filter((name) => name.endsWith('.html')).map(read);

export const styles = files.filter((name) => name.endsWith('.css')).map(read);

/** A page without the parts that nobody reads in another language: a page without scripts has no table. */
export const readable = (html) => html.replace(/<!--[\s\S]*?-->|<head>[\s\S]*?<\/head>|<noscript>[\s\S]*?<\/noscript>/g, '');

/** The character references of the pages. */
const decoded = (text) => text.replaceAll('&amp;', '&').replaceAll('&lt;', '<').replaceAll('&gt;', '>');

/** The elements of a page with text in them: their attributes, and the text before the next tag. */
export const textsIn = (html) => [...readable(html).matchAll(/<([a-z0-9]+)((?:\s[^<>]*)?)>([^<]*)/gi)]
  .map(([, tag, attributes, text]) => ({ tag, attributes, text: decoded(text.replace(/\s+/g, ' ').trim()) }));

/** The value of an attribute; null where the element does not have it. */
export const valueOf = (attributes, name) =>
  new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(attributes)?.[1].replace(/\s+/g, ' ') ?? null;
