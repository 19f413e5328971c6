export interface CellPlace {
  row: number;
  column: number;
}

/** `B12` as zero-based row and column (ECMA-376 part 1, section 18.18.62). */
export function parseReference(reference: string): CellPlace | undefined {
  const [, letters, digits] = /^\$?([A-Z]{1,3})\$?(\d{1,7})$/.exec(reference) ?? [];
  if (letters === undefined) return undefined;
  const column = [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0);
  return { row: Number(digits) - 1, column: column - 1 };
}

/** `A1:C3`, or a single cell. */
export function parseRange(range: string): { from: CellPlace; to: CellPlace } | undefined {
  const [first = '', last = first] = range.split(':');
  const [from, to] = [parseReference(first), parseReference(last)];
  return from && to && { from, to };
}
