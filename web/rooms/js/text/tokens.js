// The text of a chat message as plain words, links and mentions.

/** Nothing but these schemes becomes a link. The text ends at characters that could hide the address. */
const LINK = /\bhttps?:\/\/[^\s<>"'`\p{Cc}\p{Cf}]+/giu;
const WORD = /[\p{L}\p{N}_]/u;

/**
 * @typedef {{kind: 'text', text: string} | {kind: 'link', text: string, href: string}
 *   | {kind: 'mention', text: string, name: string}} Token
 *
 * @param {string} text
 * @param {string[]} names of the members
 * @returns {Token[]} the texts of all tokens together are `text`
 */
export function tokensOf(text, names) {
  const tokens = [];
  let end = 0;
  for (const { 0: match, index } of text.matchAll(LINK)) {
    const link = linkIn(match);
    if (link === null) continue;
    tokens.push(...mentionTokens(text.slice(end, index), names), link);
    end = index + link.text.length;
  }
  tokens.push(...mentionTokens(text.slice(end), names));
  return tokens;
}

/** Whether the text mentions a member. */
export const mentions = (text, name) => tokensOf(text, [name]).some(({ kind }) => kind === 'mention');

/** The link at the beginning of a text; null where there is none. The sentence's own marks stay outside. */
function linkIn(match) {
  let text = match;
  for (;;) {
    const closing = text.at(-1);
    const isSurplus = closing === ')' && count(text, ')') > count(text, '(');
    if (!isSurplus && !/[.,;:!?\]}»”’*]/.test(closing)) break;
    text = text.slice(0, -1);
  }
  if (!URL.canParse(text)) return null;
  const { protocol, href, hostname } = new URL(text);
  return ['http:', 'https:'].includes(protocol) && hostname !== '' ? { kind: 'link', text, href } : null;
}

const count = (text, character) => text.split(character).length - 1;

function mentionTokens(text, names) {
  // Of two names that fit, such as Ann and Ann B, the longer one is meant.
  const byLength = [...names].sort((a, b) => b.length - a.length).map((name) => ({ name, folded: fold(name) }));
  const tokens = [];
  let begin = 0;
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    if (at > 0 && WORD.test(text[at - 1])) continue;
    const found = byLength.find(({ name, folded }) => {
      const end = at + 1 + name.length;
      return fold(text.slice(at + 1, end)) === folded && !WORD.test(text[end] ?? ' ');
    });
    if (!found) continue;
    const end = at + 1 + found.name.length;
    if (at > begin) tokens.push({ kind: 'text', text: text.slice(begin, at) });
    tokens.push({ kind: 'mention', text: text.slice(at, end), name: found.name });
    begin = end;
    at = end - 1;
  }
  if (begin < text.length) tokens.push({ kind: 'text', text: text.slice(begin) });
  return tokens;
}

const fold = (name) => name.normalize('NFC').toLowerCase();
