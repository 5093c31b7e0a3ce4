import assert from 'node:assert/strict';
import test from 'node:test';
import { mentions, tokensOf } from '../../../../web/rooms/js/text/tokens.js';

/** Tokens in one line: links in <>, mentions in []. */
const written = (text, names = []) => tokensOf(text, names).map(({ kind, text: part, href, name }) => {
  if (kind === 'link') return href === part ? `<${part}>` : `<${part} ${href}>`;
  return kind === 'mention' ? `[${part} ${name}]` : part;
}).join('');

for (const [text, expected] of [
  ['see https://example.org/a?b=c#d.', 'see <https://example.org/a?b=c#d>.'],
  ['(http://example.org/a_(b))', '(<http://example.org/a_(b)>)'],
  ['https://example.org/“x”, or', '<https://example.org/“x https://example.org/%E2%80%9Cx>”, or'],
  ['HTTPS://EXAMPLE.ORG', '<HTTPS://EXAMPLE.ORG https://example.org/>'],
  ['two https://a.example/ https://b.example/!', 'two <https://a.example/> <https://b.example/>!'],
  ['javascript:alert(1)', 'javascript:alert(1)'],
  ['data:text/html,x and ftp://example.org/', 'data:text/html,x and ftp://example.org/'],
  ['xhttps://example.org', 'xhttps://example.org'],
  ['https://', 'https://'],
  ['http://a b', '<http://a http://a/> b'],
  ['<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
  ['<a href="https://example.org/">', '<a href="<https://example.org/>">'],
  ['https://example.org/\u202egpj.exe', '<https://example.org/>\u202egpj.exe'],
]) {
  test(`links in ${text}`, () => assert.equal(written(text), expected));
}

const NAMES = ['Ann', 'Ann B', 'Jos\u00e9', 'x.y'];
for (const [text, expected] of [
  ['@Ann hi', '[@Ann Ann] hi'],
  ['hi @ann!', 'hi [@ann Ann]!'],
  ['@Ann B: yes', '[@Ann B Ann B]: yes'],
  ['@Anna', '@Anna'],
  ['mail a@Ann', 'mail a@Ann'],
  ['(@José)', '([@José José])'],
  ['@x.y, @xzy', '[@x.y x.y], @xzy'],
  ['@Ann@Ann', '[@Ann Ann]@Ann'],
  ['https://example.org/@Ann', '<https://example.org/@Ann>'],
  ['@', '@'],
]) {
  test(`mentions in ${text}`, () => assert.equal(written(text, NAMES), expected));
}

test('the texts of the tokens are the text, whatever it is', () => {
  const pieces = ['@Ann', ' ', 'https://a.example/(x)', '.', '@', '\n', 'Ann B', '<b>', '\u202e', 'http://', '👋', ')'];
  let seed = 1;
  const random = () => (seed = seed * 48271 % 2147483647) / 2147483647;
  for (let count = 0; count < 500; count++) {
    const text = Array.from({ length: 8 }, () => pieces[Math.floor(random() * pieces.length)]).join('');
    assert.equal(tokensOf(text, NAMES).map((token) => token.text).join(''), text);
  }
});

test('a text mentions only the name that is meant', () => {
  assert.equal(mentions('hello @ANN', 'Ann'), true);
  assert.equal(mentions('hello Ann', 'Ann'), false);
  assert.equal(mentions('hello @Annette', 'Ann'), false);
});
