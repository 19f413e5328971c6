import type { Metadata } from '../lexical/indexed-document.ts';
import type { Filter } from './filter.ts';

type Scalar = string | number | boolean;

/** Whether metadata meet a filter. What a document does not have meets `ne`, `nin` and `not`, and nothing else. */
export function meets(filter: Filter, metadata: Metadata): boolean {
  switch (filter.op) {
    case 'and':
      return filter.filters.every((part) => meets(part, metadata));
    case 'or':
      return filter.filters.some((part) => meets(part, metadata));
    case 'not':
      return !meets(filter.filter, metadata);
    case 'exists':
      return Object.hasOwn(metadata, filter.field);
    case 'in':
    case 'nin':
      return anyOf(metadata, filter.field, (value) => filter.values.includes(value)) === (filter.op === 'in');
    case 'ne':
      return !anyOf(metadata, filter.field, (value) => value === filter.value);
    default:
      return anyOf(metadata, filter.field, COMPARISONS[filter.op](filter.value));
  }
}

const COMPARISONS: Readonly<Record<'eq' | 'gt' | 'gte' | 'lt' | 'lte', (bound: Scalar) => (value: Scalar) => boolean>> =
  {
    eq: (bound) => (value) => value === bound,
    gt: (bound) => (value) => typeof value === typeof bound && value > bound,
    gte: (bound) => (value) => typeof value === typeof bound && value >= bound,
    lt: (bound) => (value) => typeof value === typeof bound && value < bound,
    lte: (bound) => (value) => typeof value === typeof bound && value <= bound,
  };

function anyOf(metadata: Metadata, field: string, passes: (value: Scalar) => boolean): boolean {
  if (!Object.hasOwn(metadata, field)) return false;
  const value = metadata[field] as Scalar | readonly Scalar[];
  return Array.isArray(value) ? value.some(passes) : passes(value as Scalar);
}
