import type MarkdownIt from 'markdown-it';
import type { StateBlock, StateInline } from 'markdown-it';

const DOLLAR = 0x24;

/**
 * `$…$` and `$$…$$`. A single dollar opens only before a non-space and closes only after a non-space and not
 * before a digit (pandoc's tex_math_dollars rule), so that "$5 and $10" stays text.
 */
export function math(parser: MarkdownIt): void {
  parser.inline.ruler.after('escape', 'math_inline', inlineRule);
  parser.block.ruler.after('blockquote', 'math_block', blockRule, {
    alt: ['paragraph', 'reference', 'blockquote', 'list'],
  });
}

function inlineRule(state: StateInline, silent: boolean): boolean {
  if (state.src.charCodeAt(state.pos) !== DOLLAR) return false;
  const fence = state.src.charCodeAt(state.pos + 1) === DOLLAR ? '$$' : '$';
  const start = state.pos + fence.length;
  const end = closingFence(state.src, start, state.posMax, fence);
  if (end < 0) return false;
  if (!silent) {
    const token = state.push('math_inline', 'math', 0);
    token.markup = fence;
    token.content = state.src.slice(start, end);
  }
  state.pos = end + fence.length;
  return true;
}

function closingFence(source: string, start: number, limit: number, fence: string): number {
  if (fence === '$' && /\s/.test(source.charAt(start))) return -1;
  for (let at = source.indexOf(fence, start); at >= 0 && at < limit; at = source.indexOf(fence, at + 1)) {
    if (closesMath(source, start, at, fence)) return at;
  }
  return -1;
}

function closesMath(source: string, start: number, at: number, fence: string): boolean {
  if (at === start || source.charAt(at - 1) === '\\') return false;
  return fence === '$$' || (!/\s/.test(source.charAt(at - 1)) && !/\d/.test(source.charAt(at + 1)));
}

/** `$$` on its own line opens a block that a line ending in `$$` closes; `$$ x $$` may stand on one line. */
function blockRule(state: StateBlock, startLine: number, endLine: number, silent: boolean): boolean {
  const first = lineAt(state, startLine);
  if (!first.startsWith('$$') || (state.sCount[startLine] ?? 0) - state.blkIndent >= 4) return false;
  const found = closingLine(state, startLine, endLine);
  if (!found) return false;
  if (silent) return true;
  const token = state.push('math_block', 'math', 0);
  token.block = true;
  token.content = found.content;
  token.map = [startLine, found.line + 1];
  state.line = found.line + 1;
  return true;
}

function closingLine(
  state: StateBlock,
  startLine: number,
  endLine: number,
): { line: number; content: string } | undefined {
  const lines: string[] = [];
  for (let line = startLine; line < endLine; line += 1) {
    const text = line === startLine ? lineAt(state, line).slice(2) : lineAt(state, line);
    const trimmed = text.trimEnd();
    if (trimmed.endsWith('$$')) {
      lines.push(trimmed.slice(0, -2));
      return { line, content: lines.join('\n').trim() };
    }
    if (line === startLine && text.includes('$$')) return undefined;
    lines.push(text);
  }
  return undefined;
}

function lineAt(state: StateBlock, line: number): string {
  return state.src.slice((state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0), state.eMarks[line]);
}
