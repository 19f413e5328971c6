/** Characters that begin a construct anywhere in a line, with what must stand around them to do so. */
const INLINE_RULES: readonly (readonly [RegExp, string])[] = [
  [/\\(?=[!-/:-@[-`{-~]|$)/gm, '\\\\'],
  [/`/g, '\\`'],
  // An asterisk between spaces cannot open or close emphasis (CommonMark 0.31.2, section 6.2).
  [/(?<!\s)\*|\*(?!\s)/g, '\\*'],
  // Nor can an underscore inside a word.
  [/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\_'],
  [/~(?=~)|(?<=~)~/g, '\\~'],
  [/<(?=[A-Za-z/!?])/g, '\\<'],
  [/&(?=#?\w+;)/g, '\\&'],
  [/\^(?=\[)/g, '\\^'],
  [/\[(?=\^)|\[(?=[^\]]*\]\()/g, '\\['],
  [/\$(?=\S[^$]*\$)/g, '\\$'],
];

/** Constructs that only a line's beginning can open (CommonMark 0.31.2, sections 4 and 5). */
const LINE_RULES: readonly (readonly [RegExp, string])[] = [
  [/^(#{1,6})(?=\s|$)/, '\\$1'],
  [/^([-+*])(?=\s|$)/, '\\$1'],
  [/^(\d{1,9})([.)])(?=\s|$)/, '$1\\$2'],
  [/^([>|])/, '\\$1'],
  [/^(~{3,}|={2,}|-{2,})/, '\\$1'],
  [/^(:)(?=\s)/, '\\$1'],
];

/** Escapes text so that a Markdown reader returns exactly these characters. */
export function escapeText(value: string): string {
  return INLINE_RULES.reduce((escaped, [pattern, replacement]) => escaped.replace(pattern, replacement), value);
}

/** Escapes the beginnings of a paragraph's lines. Code, links and marks inside are already rendered. */
export function escapeLineStarts(rendered: string): string {
  return rendered
    .split('\n')
    .map((line) => LINE_RULES.reduce((escaped, [pattern, replacement]) => escaped.replace(pattern, replacement), line))
    .join('\n');
}

/** A code span whose fence is longer than any run of backticks inside (CommonMark 0.31.2, section 6.1). */
export function codeSpan(text: string): string {
  const flat = text.replace(/\r?\n/g, ' ');
  const fence = '`'.repeat(longestRun(flat, '`') + 1);
  const pad = flat.startsWith('`') || flat.endsWith('`') || (/^ .* $/.test(flat) && flat.trim() !== '') ? ' ' : '';
  return `${fence}${pad}${flat}${pad}${fence}`;
}

export function longestRun(text: string, character: string): number {
  let longest = 0;
  let current = 0;
  for (const each of text) {
    current = each === character ? current + 1 : 0;
    longest = Math.max(longest, current);
  }
  return longest;
}

/** The `(destination "title")` part of a link or image. */
export function destination(url: string, title?: string): string {
  const address = /[\s()<>]/.test(url) || url === '' ? `<${url.replace(/[<>\n]/g, encodeURIComponent)}>` : url;
  return title === undefined ? `(${address})` : `(${address} "${title.replace(/["\\]/g, '\\$&')}")`;
}
