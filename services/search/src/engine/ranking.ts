import type { SearchRequest } from '../api/search-request.ts';
import type { RankedQuery } from '../domain/lexical-search.ts';
import type { FacetResult } from '../domain/results/facets.ts';
import type { Position } from '../domain/results/collector.ts';
import type { VectorEngine } from '../store/index-rows.ts';
import type { VectorStore } from '../store/vectors.ts';
import type { CheckedRequest } from './check-request.ts';
import type { SearchContext } from './search-context.ts';

/** A ranked document, before it is fetched. */
export interface RankedHit extends Position {
  /** Scores of the legs of a hybrid search. */
  readonly legs?: { readonly lexical: number | null; readonly vector: number | null };
}

/** A page of a ranking, and what the next page needs. */
export interface Ranking {
  readonly hits: readonly RankedHit[];
  readonly more: boolean;
  readonly total: number;
  readonly facets: readonly FacetResult[];
  readonly query: RankedQuery & { readonly idfs: readonly number[] };
  readonly fusion?: { method: 'mixture' | 'rrf'; vector_weight: number; guard: 'both' | 'lexical' | 'vector' };
}

export interface RankingInput {
  readonly request: SearchRequest;
  readonly checked: CheckedRequest;
  readonly query: RankedQuery;
  /** Documents from this number on came after the first page. */
  readonly before: number;
  readonly after: Position | undefined;
  readonly context: SearchContext;
  readonly vectors: Readonly<Record<VectorEngine, VectorStore>>;
}
