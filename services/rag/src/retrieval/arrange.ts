import type { Postgres } from '@genai-platform/common';
import { diversify } from '../domain/ranking/maximal-marginal-relevance.ts';
import type { Reranker } from '../platform/reranker.ts';
import type { Caller } from '../store/caller.ts';
import { readVectors } from '../store/space-rows.ts';
import type { Scored } from './rank-collection.ts';
import { readRanked } from './read-ranked.ts';
import type { RetrieveRequest } from './retrieve-request.ts';
import type { Stages } from './stages.ts';

/** What reranks where no model does. */
export const SIMILARITY_RERANKER = 'embedding-similarity';

/** Candidates that may be picked to be unlike each other, for each that is wanted. */
const DIVERSITY_POOL = 4;

export interface ArrangeContext {
  readonly db: Postgres;
  readonly reranker: Reranker;
  readonly caller: Caller;
  readonly request: RetrieveRequest;
  readonly stages: Stages;
  readonly signal: AbortSignal;
}

export interface Arranged {
  readonly order: readonly Scored[];
  readonly reranker: string | undefined;
  readonly scores: ReadonlyMap<Scored, number>;
}

/** Puts the fused ranking into its final order: reranked and diversified where the request asks for it. */
export async function arrange(context: ArrangeContext, fused: readonly Scored[]): Promise<Arranged> {
  const { request, stages } = context;
  const reranked: Arranged =
    request.rerank === undefined
      ? { order: fused, reranker: undefined, scores: new Map() }
      : await stages.run('rerank', async (details) => {
          const result = await rerank(context, fused, request.rerank ?? { depth: 0 });
          details['model'] = result.reranker ?? null;
          return result;
        });
  if (request.diversity === undefined) return reranked;
  const { lambda } = request.diversity;
  const order = await stages.run('diversity', () => spreadOut(context, reranked.order, lambda));
  return { ...reranked, order };
}

async function rerank(
  { db, reranker, caller, request, signal }: ArrangeContext,
  fused: readonly Scored[],
  { model, depth }: { model?: string | undefined; depth: number },
): Promise<Arranged> {
  const [best, rest] = [fused.slice(0, depth), fused.slice(depth)];
  const chunks = await readRanked(db, caller, best, signal);
  const there = [...chunks.keys()];
  if (there.length === 0) return { order: fused, reranker: undefined, scores: new Map() };
  const given = { query: request.query, texts: Array.from(chunks.values(), ({ text }) => text), model };
  const ranking = await reranker.rerank(caller, given, signal);
  if (ranking === undefined) return bySimilarity(there, rest);
  const order = ranking.order.map(({ index }) => there[index] as Scored);
  const scores = new Map(ranking.order.map(({ index, score }) => [there[index] as Scored, score]));
  const missed = there.filter((scored) => !scores.has(scored));
  return { order: [...order, ...missed, ...rest], reranker: ranking.model, scores };
}

/** No reranker: the encoder's own similarity decides, and is named as what it is. */
function bySimilarity(best: readonly Scored[], rest: readonly Scored[]): Arranged {
  const order = best.toSorted((a, b) => (b.vector ?? -1) - (a.vector ?? -1));
  const scores = new Map(
    order.flatMap((scored) => (scored.vector === undefined ? [] : [[scored, scored.vector] as const])),
  );
  return { order: [...order, ...rest], reranker: scores.size === 0 ? undefined : SIMILARITY_RERANKER, scores };
}

async function spreadOut(
  { db, caller, request, signal }: ArrangeContext,
  order: readonly Scored[],
  lambda: number,
): Promise<Scored[]> {
  const pool = order.slice(0, request.limit * DIVERSITY_POOL);
  const vectors = await db.withTransaction({ identity: caller, signal, readOnly: true }, async (tx) => {
    const found = new Map<Scored, Float32Array>();
    for (const [{ space }, some] of Map.groupBy(pool, ({ collection }) => collection)) {
      if (space === undefined) continue;
      const known = await readVectors(tx, caller, space, some.map(({ number }) => number)); // prettier-ignore
      for (const scored of some) {
        const vector = known.get(scored.number);
        if (vector !== undefined) found.set(scored, vector);
      }
    }
    return found;
  });
  const candidates = pool.map((scored, i) => ({ relevance: 1 - i / pool.length, vector: vectors.get(scored) }));
  return diversify(candidates, request.limit, lambda).map((i) => pool[i] as Scored);
}
