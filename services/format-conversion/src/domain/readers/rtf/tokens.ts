import { malformed, tooLarge } from '../../conversion-error.ts';

/** What RTF is made of (Rich Text Format 1.9.1, "RTF Syntax"). */
export type Token =
  | { kind: 'open' }
  | { kind: 'close' }
  | { kind: 'word'; word: string; value: number | undefined }
  | { kind: 'symbol'; symbol: string }
  | { kind: 'byte'; byte: number }
  | { kind: 'text'; text: string }
  /** Binary data, skipped. */
  | { kind: 'binary' };

const WORD = /\\([A-Za-z]{1,32})(-?\d{1,10})? ?/y;
const HEX = /\\'([0-9A-Fa-f]{2})/y;
const TEXT = /[^\\{}\r\n]+/y;

/** Reads tokens one by one; the source is the file's bytes as Latin-1 characters. */
export function* tokensOf(source: string, maxDepth: number): Generator<Token, void, void> {
  let depth = 0;
  for (let at = 0; at < source.length;) {
    const { token, next } = tokenAt(source, at);
    depth = depthAfter(token, depth, maxDepth);
    if (token) yield token;
    if (depth === 0 && token?.kind === 'close') return;
    at = next;
  }
}

const DEPTHS: Readonly<Record<string, number>> = { open: 1, close: -1 };

function depthAfter(token: Token | undefined, depth: number, maxDepth: number): number {
  if (token?.kind === 'close' && depth === 0) throw malformed('The RTF closes a group that was never opened.');
  if (token?.kind === 'open' && depth === maxDepth)
    throw tooLarge(`The RTF nests its groups deeper than ${maxDepth} levels.`);
  return depth + (DEPTHS[token?.kind ?? ''] ?? 0);
}

function tokenAt(source: string, at: number): { token: Token | undefined; next: number } {
  const character = source[at];
  if (character === '{') return { token: { kind: 'open' }, next: at + 1 };
  if (character === '}') return { token: { kind: 'close' }, next: at + 1 };
  if (character === '\r' || character === '\n') return { token: undefined, next: at + 1 };
  if (character === '\\') return controlAt(source, at);
  const text = match(TEXT, source, at)?.[0] ?? '';
  return { token: { kind: 'text', text }, next: at + text.length };
}

function controlAt(source: string, at: number): { token: Token; next: number } {
  const hex = match(HEX, source, at);
  if (hex) return { token: { kind: 'byte', byte: Number.parseInt(hex[1] ?? '0', 16) }, next: at + 4 };
  const word = match(WORD, source, at);
  if (!word) return { token: { kind: 'symbol', symbol: source[at + 1] ?? '' }, next: at + 2 };
  const value = word[2] === undefined ? undefined : Number(word[2]);
  const next = at + word[0].length;
  if (word[1] === 'bin') return { token: { kind: 'binary' }, next: next + Math.max(0, value ?? 0) };
  return { token: { kind: 'word', word: word[1] ?? '', value }, next };
}

function match(pattern: RegExp, source: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(source);
}
