import type { FacetReply } from '../api/search-reply.ts';
import type { SearchRequest } from '../api/search-request.ts';
import type { FacetResult } from '../domain/results/facets.ts';
import type { FieldType, IndexSettings } from '../domain/settings.ts';

/** Facets as the API gives them: values in the form in which documents give them. */
export function facetReplies(
  requests: SearchRequest['facets'],
  results: readonly FacetResult[],
  settings: IndexSettings,
): FacetReply[] {
  return requests.map(({ field, ranges }, i) => {
    const result = results[i] as FacetResult;
    const type = settings.fields[field]?.type ?? 'keyword';
    const extent = type === 'keyword' || type === 'boolean' || result.minimum === undefined;
    return {
      field,
      distinct: result.distinct,
      ...(ranges
        ? {
            ranges: ranges.map(({ from, to }, at) => ({
              from: from ?? null,
              to: to ?? null,
              count: result.rangeCounts[at] as number,
            })),
          }
        : { values: result.values.map(({ value, count }) => ({ value: present(value, type), count })) }),
      ...(extent ? {} : { min: bound(result.minimum, type), max: bound(result.maximum, type) }),
    };
  });
}

/** A column's value as documents give it: dates as RFC 3339, booleans as themselves. */
function present(value: string | number, type: FieldType): string | number | boolean {
  if (type === 'boolean') return value === 1;
  return type === 'date' ? new Date(value).toISOString() : value;
}

function bound(value: number | undefined, type: FieldType): string | number {
  return present(value as number, type) as string | number;
}
