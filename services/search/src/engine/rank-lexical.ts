import { searchLexical } from '../domain/lexical-search.ts';
import type { Ranking, RankingInput } from './ranking.ts';

/** Ranks by BM25 or by the fields asked for. */
export async function rankLexical({ request, checked, query, before, after, context }: RankingInput): Promise<Ranking> {
  const { limit, sort } = request;
  const { visible, parts, snapshot } = context;
  // One more than asked for tells whether there is another page.
  const options = { ...checked, sort, before, after, limit: limit + 1 };
  const result = await searchLexical(query, options, { visible, parts, settings: snapshot.settings });
  return {
    hits: result.hits.slice(0, limit),
    more: limit > 0 && result.hits.length > limit,
    total: result.total,
    facets: result.facets,
    query: { ...query, idfs: result.idfs },
  };
}
