import { Bitset } from '@genai-platform/common/retrieval';
import { compareCodePoints } from '../codec/code-point-order.ts';
import type { Column, KeywordColumn } from '../segment/column.ts';
import type { Bound, CheckedFilter } from './check-filter.ts';

/** The fields that a filter reads. */
export function filterFields(filter: CheckedFilter): string[] {
  if (filter.op === 'and' || filter.op === 'or') return [...new Set(filter.filters.flatMap(filterFields))];
  return filter.op === 'not' ? filterFields(filter.filter) : [filter.field];
}

/** The documents of a segment that meet a filter. */
export function evaluateFilter(filter: CheckedFilter, columns: ReadonlyMap<string, Column>, documents: number): Bitset {
  if (filter.op === 'and' || filter.op === 'or') {
    const sets = filter.filters.map((part) => evaluateFilter(part, columns, documents));
    return sets.reduce((all, set) => (filter.op === 'and' ? all.and(set) : all.or(set)));
  }
  if (filter.op === 'not') return evaluateFilter(filter.filter, columns, documents).invert();
  const column = columns.get(filter.field) as Column;
  return matchValues(column, documents, acceptor(filter, column));
}

type Accept = (value: number) => boolean;

function acceptor(filter: Exclude<CheckedFilter, { op: 'and' | 'or' | 'not' }>, column: Column): Accept {
  if (filter.op === 'exists') return () => true;
  return column.kind === 'keyword' ? acceptOrdinals(filter, column) : acceptNumbers(filter);
}

/** Decides once per distinct string, so that documents are compared by number. */
function acceptOrdinals(
  filter: Extract<CheckedFilter, { op: 'values' | 'range' }>,
  { dictionary }: KeywordColumn,
): Accept {
  const accepted = new Uint8Array(dictionary.length);
  dictionary.forEach((value, ordinal) => {
    const wanted =
      filter.op === 'values'
        ? filter.values.has(value)
        : within(filter, (bound) => compareCodePoints(value, bound as string));
    if (wanted) accepted[ordinal] = 1;
  });
  return (ordinal) => accepted[ordinal] === 1;
}

function acceptNumbers(filter: Extract<CheckedFilter, { op: 'values' | 'range' }>): Accept {
  if (filter.op === 'values') return (value) => filter.values.has(value);
  return (value) => within(filter, (bound) => value - (bound as number));
}

function within(
  { low, high }: { low: Bound | undefined; high: Bound | undefined },
  compareTo: (bound: string | number) => number,
): boolean {
  if (low) {
    const difference = compareTo(low.value);
    if (difference < 0 || (difference === 0 && !low.inclusive)) return false;
  }
  if (!high) return true;
  const difference = compareTo(high.value);
  return difference < 0 || (difference === 0 && high.inclusive);
}

function matchValues({ starts, values }: Column, documents: number, accept: Accept): Bitset {
  const matching = new Bitset(documents);
  for (let document = 0; document < documents; document++) {
    const end = starts[document + 1] as number;
    for (let i = starts[document] as number; i < end; i++)
      if (accept(values[i] as number)) {
        matching.add(document);
        break;
      }
  }
  return matching;
}
