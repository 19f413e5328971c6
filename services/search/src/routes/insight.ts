import { get, post, routes } from '@genai-platform/common';
import type { Route } from '@genai-platform/common';
import { StatsReply } from '../api/index-schemas.ts';
import { EvaluateReply, EvaluateRequest, ExplainReply, ExplainRequest } from '../api/query-schemas.ts';
import { SearchRequest } from '../api/search-request.ts';
import type { Deps } from '../deps.ts';
import { evaluate, tuneFusion } from '../engine/evaluator.ts';
import { explain } from '../engine/explainer.ts';
import { indexStats } from '../engine/index-stats.ts';
import { IndexPath } from './index-paths.ts';

const FORMULA =
  'score = sum over clauses of boost * idf * frequency / (frequency + norm); idf = ln(1 + (N - n + 0.5) / (n + 0.5)); norm = k1 * (1 - b + b * length / average_length)';

/** Looking into an index: why a document ranks where it does, how good the ranking is, what the index consists of. */
export const insightRoutes = (deps: Deps): Route[] => routes(explainScore(deps), measureRanking(deps), showStats(deps));

const explainScore = ({ engine }: Deps): Route =>
  post(
    '/v1/search/indexes/:name/explain',
    {
      summary: 'Explain a score',
      params: IndexPath,
      body: ExplainRequest,
      reply: ExplainReply,
      scopes: ['search:read'],
    },
    async ({ identity, params, body: { id, ...rest } }) => {
      const request = SearchRequest.parse(rest);
      const { averageLength, clauses, ...explanation } = await explain(engine, identity, {
        name: params.name,
        id,
        request,
      });
      return {
        id,
        formula: FORMULA,
        average_length: averageLength,
        ...explanation,
        clauses: clauses.map((clause) => ({
          ...clause,
          matches: clause.matches.map(({ terms, ...match }) => ({ ...match, terms: [...terms] })),
        })),
      };
    },
  );

const measureRanking = ({ searcher }: Deps): Route =>
  post(
    '/v1/search/indexes/:name/evaluate',
    {
      summary: 'Measure the ranking by judged queries',
      params: IndexPath,
      body: EvaluateRequest,
      maxBodyBytes: 16 * 1024 * 1024,
      reply: EvaluateReply,
      scopes: ['search:admin'],
    },
    async ({ identity, params, body: { queries, qrels, search, depth, tune } }) => {
      const request = SearchRequest.parse({ ...search, limit: depth });
      const given = { name: params.name, request, queries, judgements: qrels };
      const { mean, queries: measured } = await evaluate(searcher, identity, given);
      const tuning = tune ? await tuneFusion(searcher, identity, given) : undefined;
      return {
        mean,
        queries: [...measured],
        ...(tuning && { tuning: { vector_weight: tuning.vectorWeight, shares: [...tuning.shares] } }),
      };
    },
  );

const showStats = ({ engine }: Deps): Route =>
  get(
    '/v1/search/indexes/:name/stats',
    { summary: 'What an index consists of', params: IndexPath, reply: StatsReply, scopes: ['search:admin'] },
    ({ identity, params }) => indexStats(engine, identity, params.name),
  );
