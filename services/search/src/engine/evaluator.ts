import { setImmediate } from 'node:timers/promises';
import type { Identity } from '@genai-platform/common';
import type { SearchRequest } from '../api/search-request.ts';
import { meanMetrics, retrievalMetrics } from '../domain/results/retrieval-metrics.ts';
import type { Judgements, RetrievalMetrics } from '../domain/results/retrieval-metrics.ts';
import type { Searcher } from './searcher.ts';

export interface JudgedQuery {
  readonly id: string;
  readonly q: string;
  readonly vector?: number[] | undefined;
}

export interface Evaluation {
  readonly mean: RetrievalMetrics;
  readonly queries: readonly { readonly id: string; readonly metrics: RetrievalMetrics }[];
}

/** Measures how well an index answers judged queries. Queries without judgements do not count. */
export async function evaluate(
  searcher: Searcher,
  identity: Identity,
  given: {
    name: string;
    request: SearchRequest;
    queries: readonly JudgedQuery[];
    judgements: Readonly<Record<string, Judgements>>;
  },
): Promise<Evaluation> {
  const { name, request, judgements } = given;
  const queries: { id: string; metrics: RetrievalMetrics }[] = [];
  for (const { id, q, vector } of given.queries) {
    const judged = Object.hasOwn(judgements, id) ? judgements[id] : undefined;
    if (!judged) continue;
    // Only the order is wanted, not the documents.
    const { data } = await searcher.search(identity, name, { ...request, q, vector, return_fields: [] });
    queries.push({
      id,
      metrics: retrievalMetrics(
        data.map((hit) => hit.id),
        judged,
      ),
    });
    // Hundreds of queries in one request must not keep others waiting.
    await setImmediate();
  }
  return { mean: meanMetrics(queries.map(({ metrics }) => metrics)), queries };
}

/** Shares of the vector leg that are compared: with 0 and 1 among them the best is never below the better leg. */
const SHARES = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

export interface Tuning {
  readonly vectorWeight: number;
  readonly shares: readonly { readonly vector_weight: number; readonly mean: RetrievalMetrics }[];
}

/** Finds the vector leg's share with the best nDCG for judged queries. */
export async function tuneFusion(
  searcher: Searcher,
  identity: Identity,
  given: Parameters<typeof evaluate>[2],
): Promise<Tuning> {
  const shares: { vector_weight: number; mean: RetrievalMetrics }[] = [];
  for (const vector_weight of SHARES) {
    const request = { ...given.request, mode: 'hybrid' as const, hybrid: { ...given.request.hybrid, vector_weight } };
    shares.push({ vector_weight, mean: (await evaluate(searcher, identity, { ...given, request })).mean });
  }
  const best = shares.reduce((a, b) => (b.mean.ndcg_10 > a.mean.ndcg_10 ? b : a));
  return { vectorWeight: best.vector_weight, shares };
}
