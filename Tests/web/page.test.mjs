import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import test from 'node:test';

const web = new URL('../../web/', import.meta.url);
const html = readFileSync(new URL('index.html', web), 'utf8');
const modules = readdirSync(new URL('js/', web)).filter((name) => name.endsWith('.js'));
const source = (name) => readFileSync(new URL(`js/${name}`, web), 'utf8');

test('the page names every module, so that none is found out level by level', () => {
  const named = [...html.matchAll(/(?:href|src)="js\/([^"]+)"/g)].map(([, name]) => name);
  assert.deepEqual(named.sort(), modules.sort());
});

test('no inline script or style, and nothing from elsewhere', () => {
  assert.doesNotMatch(html, /<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=/);
  for (const text of [html, readFileSync(new URL('style.css', web), 'utf8'), ...modules.map(source)]) {
    assert.doesNotMatch(text.replaceAll('http://www.w3.org/2000/svg', ''), /https?:\/\/|@import/);
  }
});

test('every element that a module asks for is there', () => {
  const ids = new Set([...html.matchAll(/\bid="([^"]+)"/g)].map(([, id]) => id));
  const asks = /\b(?:find|set|attribute)\('([^']+)'/g;
  const asked = modules.flatMap((name) => [...source(name).matchAll(asks)].map(([, id]) => id));
  assert.ok(asked.length > 20);
  for (const id of asked) assert.ok(ids.has(id), id);
});

test('every control has a name', () => {
  for (const [, id] of html.matchAll(/<input id="([^"]+)"/g)) assert.match(html, new RegExp(`<label for="${id}"`));
  for (const [button, content] of html.matchAll(/<button[^>]*>([\s\S]*?)<\/button>/g)) {
    assert.ok(/aria-label=/.test(button) || content.replace(/<[^>]+>/g, '').trim() !== '', button);
  }
});
