import { sentencesOf } from '../text/sentences.ts';
import type { Span } from '../text/sentences.ts';
import type { Block } from './block.ts';
import { trimmed } from './read-blocks.ts';

/** Parts of a block of which none is longer than `max` characters: lines of tables and code, sentences of prose. */
export function splitBlock(text: string, block: Block, max: number): Span[] {
  if (block.end - block.start <= max) return [block];
  const units = block.kind === 'prose' ? sentencesOf(text, block) : linesOf(text, block);
  const parts: Span[] = [];
  let current: Span | undefined;
  for (const unit of units.flatMap((long) => cutAtSpaces(text, long, max))) {
    if (current !== undefined && unit.end - current.start <= max) current = { start: current.start, end: unit.end };
    else {
      if (current !== undefined) parts.push(current);
      current = unit;
    }
  }
  if (current !== undefined) parts.push(current);
  return parts;
}

function linesOf(text: string, { start, end }: Span): Span[] {
  const lines: Span[] = [];
  for (let from = start; from < end;) {
    const next = text.indexOf('\n', from);
    const to = next < 0 || next >= end ? end : next;
    if (text.slice(from, to).trim() !== '') lines.push({ start: from, end: to });
    from = to + 1;
  }
  return lines;
}

/** Between words where there are any, and never inside of a surrogate pair. */
function cutAtSpaces(text: string, { start, end }: Span, max: number): Span[] {
  const parts: Span[] = [];
  let from = start;
  while (end - from > max) {
    const space = text.lastIndexOf(' ', from + max);
    let to = space > from + max / 2 ? space : from + max;
    if (/[\uD800-\uDBFF]/.test(text.charAt(to - 1))) to -= 1;
    const part = trimmed(text, from, to);
    if (part !== undefined) parts.push(part);
    from = to;
  }
  const rest = trimmed(text, from, end);
  return rest === undefined ? parts : [...parts, rest];
}
