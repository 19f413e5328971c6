import type { Bitset } from '@genai-platform/common/retrieval';
import { searchLexical } from '../domain/lexical-search.ts';
import type { FacetResult } from '../domain/results/facets.ts';
import { selectDocuments } from '../domain/results/select-documents.ts';
import type { VectorSettings } from '../domain/settings.ts';
import type { VectorMatch, VectorQuery } from '../store/vectors.ts';
import type { Ranking, RankingInput, RankedHit } from './ranking.ts';

/** Documents ranked at most by vectors: pages go on until here. */
const MAX_RANKED = 1_000;

/** Ranks by nearness to the request's vector. */
export async function rankVector(input: RankingInput): Promise<Ranking> {
  const { request, query } = input;
  const search = await openVectorSearch(input);
  const depth = input.after ? MAX_RANKED : Math.min(MAX_RANKED, request.limit + 1);
  const matches = await search.nearest(depth);
  const ranked = matches.map(({ number, similarity }) => ({ number, score: similarity, keys: [] }));
  return {
    ...pageOf(ranked, input),
    total: ranked.length,
    facets: await facetsOfAll(input),
    query: { ...query, idfs: [] },
  };
}

export interface VectorSearch {
  readonly eligible: Bitset;
  nearest(limit: number): Promise<VectorMatch[]>;
  similarities(numbers: readonly number[]): Promise<Map<number, number>>;
}

/** The vector leg of a request: what may be found, and how to find it. */
export async function openVectorSearch({
  request,
  checked,
  query,
  before,
  context,
  vectors,
}: RankingInput): Promise<VectorSearch> {
  const { caller, visible, snapshot, parts } = context;
  const { settings, indexId, nextNumber } = snapshot;
  const store = vectors[snapshot.vectorEngine ?? 'exact'];
  const selection = { filter: checked.filter, excluded: query.excluded, size: nextNumber };
  const eligible = await selectDocuments(selection, { visible, settings, parts });
  const restricted = eligible.count() < snapshot.documents || snapshot.vectorEngine === 'exact';
  const base: VectorQuery = {
    indexId,
    vector: request.vector as number[],
    settings: settings.vector as VectorSettings,
    limit: 0,
    before: Math.min(before, nextNumber),
    // A set that leaves nothing out is not sent along.
    eligible: restricted ? eligible : undefined,
  };
  return {
    eligible,
    nearest: (limit) => store.nearest(caller, { ...base, limit }),
    similarities: (numbers) => store.similarities(caller, base, numbers),
  };
}

/** The page of a whole ranking that follows a position. */
export function pageOf(ranked: readonly RankedHit[], { request, after }: RankingInput): Pick<Ranking, 'hits' | 'more'> {
  const start = after ? ranked.findIndex((hit) => follows(hit, after)) : 0;
  const rest = start < 0 ? [] : ranked.slice(start);
  return { hits: rest.slice(0, request.limit), more: request.limit > 0 && rest.length > request.limit };
}

function follows(hit: RankedHit, after: NonNullable<RankingInput['after']>): boolean {
  return hit.score < after.score || (hit.score === after.score && hit.number > after.number);
}

/** Every document has a nearness, so facets count all that pass the filter. */
async function facetsOfAll({ checked, query, before, context }: RankingInput): Promise<readonly FacetResult[]> {
  if (checked.facets.length === 0) return [];
  const { visible, parts, snapshot } = context;
  const everything = { ...query, clauses: undefined };
  const options = { ...checked, before, sort: [], limit: 0 };
  return (await searchLexical(everything, options, { visible, parts, settings: snapshot.settings })).facets;
}
