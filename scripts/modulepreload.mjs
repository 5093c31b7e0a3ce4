#!/usr/bin/env node
// Writes the modulepreload links of the pages in web/ from the imports of their modules.
// usage: scripts/modulepreload.mjs [--check]     --check: writes nothing, and fails if a page's links are out of date

import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { fileURLToPath } from 'node:url';

const WEB = fileURLToPath(new URL('../web', import.meta.url));
const PAGES = ['index.html', 'status.html'];

const NOTE =
  '  <!-- The browser fetches all modules at once, not level by level. scripts/modulepreload.mjs writes this. -->\n';
/** The note, as far as it is there, and the links. */
const BLOCK = /(?: *<!--[^\n]*scripts\/modulepreload[^\n]*-->\n)?(?: *<link rel="modulepreload"[^\n]*>\n)+/;
const MAIN = / *<script type="module" src="([^"]+)"><\/script>\n/;
const IMPORT = /^(?:import|export)\b[^;]*?from '(\.[^']+)'|^import '(\.[^']+)'/gm;

/** The modules that `main` imports, and the modules that those import, without `main`. Paths are relative to web/. */
function importsOf(main) {
  const found = new Set([main]);
  // A set's iteration also visits the elements that are added meanwhile.
  for (const module of found) {
    const source = readFileSync(join(WEB, module), 'utf8');
    for (const [, from, bare] of source.matchAll(IMPORT)) found.add(join(dirname(module), from ?? bare));
  }
  found.delete(main);
  return [...found].sort();
}

/** The page with the links that its modules ask for. */
function withLinks(html, page) {
  const script = MAIN.exec(html);
  if (script === null) throw new Error(`${page}: no <script type="module">`);
  const links = importsOf(script[1]).map((module) => `  <link rel="modulepreload" href="${module}">\n`).join('');
  // The replacement is a function, because a $ in a string would have a meaning.
  return html.replace(BLOCK, '').replace(MAIN, (line) => line + NOTE + links);
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
