import { compareCodePoints } from '../codec/code-point-order.ts';
import type { Column } from '../segment/column.ts';
import type { CompareHits, Hit, SortKey } from './top-hits.ts';

/** One thing to sort by: a field, or `_score`. */
export interface SortTerm {
  readonly field: string;
  readonly order: 'asc' | 'desc';
}

export const BY_SCORE = '_score';

/**
 * The order of a result: by score where nothing else is asked, then, so that no two documents are equal, by document
 * number. Documents without a value come last in either direction.
 */
export function compareBy(sort: readonly SortTerm[]): CompareHits {
  if (sort.length === 0) return (a, b) => b.score - a.score || a.number - b.number;
  return (a, b) => {
    for (let i = 0; i < sort.length; i++) {
      const difference = compareKeys(a.keys[i] as SortKey, b.keys[i] as SortKey, (sort[i] as SortTerm).order);
      if (difference !== 0) return difference;
    }
    return a.number - b.number;
  };
}

/** The keys of one document. Of several values the smallest counts when ascending, the largest when descending. */
export function sortKeys(
  sort: readonly SortTerm[],
  columns: ReadonlyMap<string, Column>,
  { ordinal, score }: Pick<Hit, 'ordinal' | 'score'>,
): SortKey[] {
  return sort.map(({ field, order }) => {
    if (field === BY_SCORE) return score;
    const column = columns.get(field) as Column;
    const start = column.starts[ordinal] as number;
    const end = column.starts[ordinal + 1] as number;
    if (start === end) return null;
    // Values of a document are kept in ascending order.
    const value = column.values[order === 'asc' ? start : end - 1] as number;
    return column.kind === 'keyword' ? (column.dictionary[value] as string) : value;
  });
}

function compareKeys(a: SortKey, b: SortKey, order: SortTerm['order']): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  const difference = typeof a === 'string' ? compareCodePoints(a, b as string) : a - (b as number);
  return order === 'asc' ? difference : -difference;
}
