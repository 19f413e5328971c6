import type { RankedQuery } from '../lexical-search.ts';
import { collectionStatistics } from '../ranking/statistics.ts';
import type { FieldWeights } from '../ranking/statistics.ts';
import type { VisibleSegment } from '../ranking/visibility.ts';
import type { PartCache } from '../segment/part-cache.ts';
import type { Snapshot } from '../segment/snapshot.ts';
import type { IndexSettings } from '../settings.ts';
import { textFields } from '../settings.ts';
import { expandClauses } from './expand-clauses.ts';
import { planQuery } from './plan-query.ts';

export interface QueryOptions {
  readonly text: string;
  readonly match: 'any' | 'all';
  /** Instead of the index's own; names exactly the fields to search. */
  readonly weights?: FieldWeights | undefined;
  readonly typos: boolean;
  readonly prefix: boolean;
}

/** Turns a query's text into what is ranked: clauses with their expansions, and the statistics of the collection. */
export async function prepareQuery(
  options: QueryOptions,
  { snapshot, visible, parts }: { snapshot: Snapshot; visible: readonly VisibleSegment[]; parts: PartCache },
): Promise<RankedQuery> {
  const weights = options.weights ?? defaultWeights(snapshot.settings);
  const fields = Object.keys(weights);
  const { analyzers, synonyms } = snapshot;
  const plan = planQuery(options.text, { analyzers, synonyms, fields });
  const statistics = collectionStatistics(visible, weights);
  const base = { excluded: plan.excluded, weights, statistics };
  if (options.text.trim() === '' || (plan.clauses.length === 0 && plan.excluded.length > 0))
    return { ...base, clauses: undefined, required: 0, corrections: [] };
  const analyzer = analyzers.get(fields[0] as string);
  const { clauses, corrections } = await expandClauses(
    plan.clauses,
    { typos: options.typos, prefix: options.prefix && /[\p{L}\p{N}]$/u.test(options.text) },
    { visible, parts, wordOf: (token) => analyzer?.form(token).word ?? token },
  );
  const required = options.match === 'all' ? plan.slots : 0;
  return { ...base, clauses, required, corrections };
}

/** Each text field with the weight that the index gives it. */
export function defaultWeights(settings: IndexSettings): Record<string, number> {
  return Object.fromEntries(
    textFields(settings).map((name) => {
      const field = settings.fields[name];
      return [name, field?.type === 'text' ? field.weight : 1];
    }),
  );
}
