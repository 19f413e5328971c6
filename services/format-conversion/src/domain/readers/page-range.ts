import { ConversionError } from '../conversion-error.ts';

/** Numbers of the pages that an expression like `1-3,7` names, in order and once each; all for the empty one. */
export function pageRange(expression: string, count: number): number[] {
  if (expression.trim() === '') return Array.from({ length: count }, (_, index) => index + 1);
  const wanted = new Set<number>();
  for (const part of expression.split(',')) {
    const [, from, dash, to] = /^\s*(\d{1,6})\s*(-)?\s*(\d{1,6})?\s*$/.exec(part) ?? [];
    if (from === undefined)
      throw new ConversionError(
        'CONVERT_DOCUMENT_MALFORMED',
        `"${part.trim()}" is not a page or a range of pages like 1-3.`,
      );
    const last = Math.min(dash === undefined ? Number(from) : Number(to ?? count), count);
    for (let page = Math.max(Number(from), 1); page <= last; page += 1) wanted.add(page);
  }
  if (wanted.size === 0)
    throw new ConversionError(
      'CONVERT_DOCUMENT_MALFORMED',
      `The document has ${count} pages; "${expression}" names none of them.`,
    );
  return [...wanted].sort((a, b) => a - b);
}
