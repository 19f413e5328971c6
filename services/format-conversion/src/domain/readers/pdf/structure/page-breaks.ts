import type { Group, GroupedElement } from './groups.ts';

/** Joins paragraphs that a column or page end broke: no sentence ends before it, and a small letter follows. */
export function joinBrokenParagraphs(regions: readonly (readonly GroupedElement[])[]): GroupedElement[] {
  const joined: GroupedElement[] = [];
  for (const region of regions) {
    const [first, ...rest] = region;
    const last = joined.findLast((element) => element.kind !== 'image');
    if (first?.kind === 'group' && last?.kind === 'group' && isBroken(last, first)) {
      last.lines.push(...first.lines);
      joined.push(...rest);
    } else joined.push(...region);
  }
  return joined;
}

function isBroken(before: Group, after: Group): boolean {
  if (!sameSetting(before, after)) return false;
  const end = before.lines.at(-1)?.text.trim() ?? '';
  return /[\p{L}\p{N},\-\u2010]$/u.test(end) && /^\p{Ll}/u.test(after.lines[0]?.text.trim() ?? '');
}

function sameSetting(before: Group, after: Group): boolean {
  if (after.marker || before.monospaced || after.monospaced) return false;
  return before.bold === after.bold && Math.abs(before.size - after.size) <= 0.07 * before.size;
}
