#!/usr/bin/env node
// Writes the modulepreload links of the pages in web/ from the imports of their modules. Links to modules that a page
// imports later, by import(), are in a template of the page, which the page uses at that time. The template of
// import('./NAME.js') has the id NAME, or NAME-modules where another element has that id.
// usage: scripts/modulepreload.mjs [--check]     --check: writes nothing, and fails if a page's links are out of date

import { readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path/posix';
import { fileURLToPath } from 'node:url';

const WEB = fileURLToPath(new URL('../web', import.meta.url));
const PAGES = ['index.html', 'station.html', 'status.html', 'rooms/list.html', 'rooms/room.html', 'studio/studio.html',
  'recordings/recordings.html', 'record/record.html'];

const NOTE =
  '  <!-- The browser fetches all modules at once, not level by level. scripts/modulepreload.mjs writes this. -->\n';
/** The note, as far as it is there, and the links, at the beginning of lines with this indent. */
const block = (indent) => new RegExp(
  `(?:^ *<!--[^\\n]*scripts/modulepreload[^\\n]*-->\\n)?(?:^${indent}<link rel="modulepreload"[^\\n]*>\\n)+`, 'gm');
/** The scripts, in the order in which the browser fetches them. */
const SCRIPTS = /(?:^ *<script type="module"[^>]* src="[^"]+"><\/script>\n)+/m;
const SOURCE = / src="([^"]+)"/g;
/** The beginning of the template of a module that is imported later. */
const templateOf = (module) => new RegExp(`^ *<template id="${basename(module, '.js')}(?:-modules)?">\\n`, 'm');
const IMPORT = /^(?:import|export)\b[^;]*?from '(\.[^']+)'|^import '(\.[^']+)'/gm;
const LATER_IMPORT = /\bawait import\('(\.[^']+)'\)/g;

/** The modules that `modules` import, and the modules that those import, with `modules`. Paths are relative to web/. */
function closure(modules) {
  const found = new Set(modules);
  // A set's iteration also visits the elements that are added meanwhile.
  for (const module of found) {
    for (const [, from, bare] of sourceOf(module).matchAll(IMPORT)) found.add(join(dirname(module), from ?? bare));
  }
  return [...found];
}

/** The modules that `modules` import later. */
const importedLater = (modules) => modules.flatMap((module) =>
  [...sourceOf(module).matchAll(LATER_IMPORT)].map(([, path]) => join(dirname(module), path)));

const sourceOf = (module) => readFileSync(join(WEB, module), 'utf8');
/**
 * The URL of a module in a page, which is served from its own folder. The studio is served at `/studio`, too: only a URL by
 * way of the folder above names the same file in both places (RFC 3986 §5.2.4: nothing is above the root).
 */
const urlOf = (module, page) => (page.startsWith('studio/') && module.startsWith('studio/')
  ? `../${module}` : relative(dirname(page), module));
/** Links from a page to modules. */
const linksTo = (modules, page, indent) => modules.map((module) =>
  `${indent}<link rel="modulepreload" href="${urlOf(module, page)}">\n`).join('');

/** The page with the links that its modules ask for. */
function withLinks(html, page) {
  const lines = SCRIPTS.exec(html);
  if (lines === null) throw new Error(`${page}: no <script type="module">`);
  const scripts = [...lines[0].matchAll(SOURCE)].map(([, path]) => join(dirname(page), path));
  // The modules of a script come before those that only the next script needs.
  const first = [...new Set(scripts.flatMap((script) => closure([script]).sort()))];
  const others = first.filter((module) => !scripts.includes(module));
  // The replacements are functions, because a $ in a string would have a meaning.
  let linked = html.replaceAll(block('  '), '').replaceAll(block('    '), '')
    .replace(SCRIPTS, (lines) => lines + NOTE + linksTo(others, page, '  '));
  const known = new Set(first);
  const later = importedLater(first);
  // The loop also visits the modules that are added meanwhile: a module that comes later may import another one.
  for (const module of later) {
    if (!templateOf(module).test(linked)) throw new Error(`${page}: no <template id="${basename(module, '.js')}">`);
    const group = closure([module]).filter((other) => !known.has(other)).sort();
    for (const other of group) known.add(other);
    linked = linked.replace(templateOf(module), (line) => line + linksTo(group, page, '    '));
    later.push(...importedLater(group));
  }
  return linked;
}

function main(flags) {
  if (flags.length > 1 || flags.some((flag) => flag !== '--check')) {
    console.error('usage: scripts/modulepreload.mjs [--check]');
    return 2;
  }
  const isCheck = flags.length === 1;
  let status = 0;
  for (const page of PAGES) {
    const html = readFileSync(join(WEB, page), 'utf8');
    const wanted = withLinks(html, page);
    if (wanted === html) continue;
    if (isCheck) {
      console.error(`web/${page}: the modulepreload links are out of date; run scripts/modulepreload.mjs`);
      status = 1;
    } else {
      writeFileSync(join(WEB, page), wanted);
    }
  }
  return status;
}

process.exitCode = main(process.argv.slice(2));
