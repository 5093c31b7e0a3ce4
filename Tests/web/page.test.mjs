import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import test from 'node:test';

import { LANGUAGES } from '../../web/js/language/choice.js';

const web = new URL('../../web/', import.meta.url);
const source = (name) => readFileSync(new URL(name, web), 'utf8');
/** Every module in a folder and the folders below it. */
const modulesIn = (folder) => readdirSync(new URL(`${folder}/`, web), { withFileTypes: true }).flatMap((entry) => {
  const path = `${folder}/${entry.name}`;
  if (entry.isDirectory()) return modulesIn(path);
  return path.endsWith('.js') ? [path] : [];
});

/** The folders of modules of the pages. */
const FOLDERS = ['js', 'operators', 'recordings/js', 'rooms/js', 'studio/js'];

/** The modules that a module imports, at once or later. */
const importsOf = (name) => [...source(name).matchAll(/(?:from |await import\()'(\.[^']+)'/g)].map(
  ([, path]) => new URL(path, new URL(name, web)).href.slice(web.href.length));

/** A module and all that it imports. */
function closure(name, found = new Set()) {
  if (found.has(name)) return found;
  found.add(name);
  for (const path of importsOf(name)) closure(path, found);
  return found;
}

const PAGES = [
  {
    name: 'index.html', scripts: ['js/open.js', 'js/main.js'],
    styles: ['style.css', 'rooms/chat.css', 'rooms/beside.css'], elements: 20,
  },
  { name: 'station.html', scripts: ['js/station/main.js'], styles: ['style.css', 'station.css'], elements: 15 },
  { name: 'status.html', scripts: ['operators/main.js'], styles: ['style.css', 'operators/style.css', 'operators/rooms.css', 'operators/uploads.css'], elements: 10 },
  { name: 'rooms/list.html', scripts: ['rooms/js/list/main.js'], styles: ['style.css', 'rooms/style.css'], elements: 5 },
  {
    name: 'rooms/room.html', scripts: ['rooms/js/room/main.js'],
    styles: ['style.css', 'rooms/call.css', 'rooms/chat.css', 'rooms/style.css', 'rooms/voice.css'], elements: 20,
  },
  {
    name: 'studio/studio.html', scripts: ['studio/js/main.js'],
    styles: ['style.css', 'rooms/chat.css', 'rooms/style.css', 'studio/style.css', 'studio/desk.css'], elements: 20,
  },
  {
    name: 'recordings/recordings.html', scripts: ['recordings/js/main.js'], styles: ['style.css', 'recordings/style.css'],
    elements: 5,
  },
  { name: 'record/record.html', scripts: ['js/record/main.js'], styles: ['style.css', 'record/style.css'], elements: 15 },
].map((page) => {
  // Each page tells the document its language before the first drawing.
  const modules = [...page.scripts, 'js/language/early.js'].reduce((found, name) => closure(name, found), new Set());
  return { ...page, html: source(page.name), modules: [...modules] };
});

test('a page uses every module', () => {
  const used = new Set(PAGES.flatMap(({ modules }) => modules));
  const unused = FOLDERS.flatMap(modulesIn).filter((name) => !used.has(name));
  // A page loads the table of its language, and only that.
  const tables = Object.keys(LANGUAGES).filter((code) => code !== 'en').map((code) => `js/language/${code}.js`);
  assert.deepEqual(unused.sort(), tables.sort());
});

/** The room that every other one may use, because it has the texts. */
const LANGUAGE = 'js/language';
/** Each room of web/js, of web/rooms/js and of web/studio/js, and the other pages, with the rooms that its modules may import. */
const ROOMS = {
  [LANGUAGE]: [],
  'js/elements': [],
  'js/hls': [],
  'js/mp3': [],
  'js/net': ['js/hls'],
  'js/sound': [],
  'js/drawing': ['js/mp3', 'js/net'],
  'js/playback/engines': ['js/mp3', 'js/net', 'js/sound'],
  'js/playback': ['js/hls', 'js/mp3', 'js/net', 'js/playback/engines'],
  'js/page': ['js/net', 'js/playback'],
  'js/clip': ['js/elements', 'js/page'],
  'js/room': ['js/net', 'rooms/js/chat', 'rooms/js/road', 'rooms/js/room', 'rooms/js/state', 'rooms/js/text'],
  'js/picture': ['js/net', 'js/room'],
  'js/station': ['js/net', 'js/page', 'js/playback'],
  js: ['js/clip', 'js/drawing', 'js/net', 'js/page', 'js/picture', 'js/playback', 'js/room'],
  'js/record': ['js/elements', 'js/page', 'rooms/js/talk', 'rooms/js/voice'],
  operators: ['js/drawing', 'js/elements', 'js/net', 'js/page'],
  'recordings/js': ['js/clip', 'js/elements', 'js/page'],
  'rooms/js/text': [],
  'rooms/js/road': ['js/net'],
  'rooms/js/state': ['rooms/js/text'],
  'rooms/js/chat': ['js/elements', 'js/net', 'rooms/js/state', 'rooms/js/text'],
  'rooms/js/list': ['rooms/js/chat', 'rooms/js/road', 'rooms/js/text'],
  'rooms/js/call': ['js/drawing', 'rooms/js/chat'],
  'rooms/js/voice/capture': ['js/sound', 'rooms/js/voice', 'worklet'],
  'rooms/js/voice': ['js/drawing', 'js/sound', 'rooms/js/call', 'rooms/js/voice/capture', 'worklet'],
  'rooms/js/talk': ['rooms/js/call', 'rooms/js/chat', 'rooms/js/voice'],
  'rooms/js/room': [
    'js/drawing', 'rooms/js/call', 'rooms/js/chat', 'rooms/js/road', 'rooms/js/state', 'rooms/js/talk', 'rooms/js/text',
  ],
  'studio/js/level': [],
  'studio/js/air': ['js/page'],
  'studio/js/picture': ['rooms/js/call', 'rooms/js/chat'],
  'studio/js/entry': ['rooms/js/chat', 'rooms/js/road'],
  'studio/js/desk': [
    'js/net', 'rooms/js/call', 'rooms/js/chat', 'rooms/js/road', 'rooms/js/room', 'rooms/js/state', 'rooms/js/text',
    'rooms/js/talk', 'rooms/js/voice', 'studio/js/air', 'studio/js/level', 'studio/js/picture',
  ],
  'studio/js': ['rooms/js/chat', 'rooms/js/room', 'rooms/js/text', 'studio/js/desk', 'studio/js/entry'],
};
/** A tag: a slash where an element ends, and the name. Empty elements and shapes that end themselves are left out. */
const TAG = /<(\/?)(?!(?:area|br|hr|img|input|link|meta|source|wbr)\b)([a-z][a-z0-9]*)\b(?:"[^"]*"|[^">])*?(?<!\/)>/g;
const roomOf = (name) => name.slice(0, name.lastIndexOf('/'));

test('the modulepreload links are as scripts/modulepreload.mjs writes them', () => {
  execFileSync(process.execPath, [new URL('../../scripts/modulepreload.mjs', import.meta.url).pathname, '--check']);
});

for (const [room, others] of Object.entries(ROOMS)) {
  test(`a module of ${room} imports only from ${['its own room', ...others].join(', ')}`, () => {
    const modules = modulesIn(room).filter((name) => roomOf(name) === room);
    assert.ok(modules.length > 0 && modules.length <= 20, `${modules.length} modules`);
    for (const name of modules) {
      for (const path of importsOf(name)) assert.ok([room, LANGUAGE, ...others].includes(roomOf(path)), `${name} imports ${path}`);
    }
  });
}

test('every module is in one of the rooms', () => {
  const rooms = new Set(FOLDERS.flatMap(modulesIn).map(roomOf));
  assert.deepEqual([...rooms].sort(), Object.keys(ROOMS).sort());
});

for (const { name, html, modules, styles, elements } of PAGES) {
  test(`${name} names every module, so that the browser fetches all at once`, () => {
    const page = new URL(name, web);
    const named = [...html.matchAll(/(?:href|src)="([^"]+\.js)"/g)].map(
      ([, path]) => new URL(path, page).href.slice(web.href.length));
    assert.deepEqual(named.sort(), modules.sort());
  });

  test(`${name} has no inline script or style, and no URL of another server`, () => {
    assert.doesNotMatch(html, /<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=/);
    for (const text of [html, ...styles.map(source), ...modules.map(source)]) {
      // A sentence may name this server's own address.
      const rest = text.replaceAll('http://www.w3.org/2000/svg', '').replaceAll('https://${host}', '');
      assert.doesNotMatch(rest, /https?:\/\/|@import/);
    }
  });

  test(`each element of ${name} that begins also ends, inside of the element around it`, () => {
    const open = [];
    for (const [, slash, tag] of html.replace(/<!--[\s\S]*?-->|<!doctype[^>]*>/g, '').matchAll(TAG)) {
      if (slash) assert.equal(open.pop(), tag, `</${tag}>`);
      else open.push(tag);
    }
    assert.deepEqual(open, []);
  });

  test(`${name} has every element that its modules ask for`, () => {
    const ids = new Set([...html.matchAll(/\bid="([^"]+)"/g)].map(([, id]) => id));
    const asks = /(?<!searchParams\.)\b(?:find|set|attribute)\('([^']+)'/g;
    const asked = modules.flatMap((name) => [...source(name).matchAll(asks)].map(([, id]) => id));
    assert.ok(asked.length > elements);
    for (const id of asked) assert.ok(ids.has(id), id);
  });

  test(`the choice of the language on ${name} looks as on the other pages`, () => {
    const [, names] = /<body class="([^"]*)"/.exec(html) ?? [null, ''];
    const body = ['body', ...names.split(' ').filter(Boolean).map((one) => `\\.${one}`)].join('|');
    const isOfAll = new RegExp(`^(?:${body})?\\s*(?:select\\b|:is\\([^)]*(?<![.\\w-])select\\b)`);
    for (const css of styles.filter((style) => style !== 'style.css').map(source)) {
      for (const [, selectors] of css.replace(/\/\*[\s\S]*?\*\//g, '').matchAll(/(?<=^|[{}])([^{}@]+)\{/g)) {
        for (const selector of selectors.split(/,(?![^(]*\))/)) assert.doesNotMatch(selector.trim(), isOfAll);
      }
    }
  });

  test(`every control of ${name} has a name`, () => {
    for (const [, id] of html.matchAll(/<input id="([^"]+)"/g)) assert.match(html, new RegExp(`<label for="${id}"`));
    for (const [button, content] of html.matchAll(/<button[^>]*>([\s\S]*?)<\/button>/g)) {
      assert.ok(/aria-label=/.test(button) || content.replace(/<[^>]+>/g, '').trim() !== '', button);
    }
  });
}
