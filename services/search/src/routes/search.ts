import { get, post, routes, toAppError } from '@genai-platform/common';
import type { Identity, Route } from '@genai-platform/common';
import type { z } from 'zod';
import { MultiSearchReply, MultiSearchRequest, SuggestQuery, SuggestReply } from '../api/query-schemas.ts';
import { SearchReply } from '../api/search-reply.ts';
import { SearchRequest } from '../api/search-request.ts';
import type { Deps } from '../deps.ts';
import { suggest } from '../engine/suggester.ts';
import { IndexPath } from './index-paths.ts';

/** Searches of one multi-search that run side by side: one request must not take the whole pool. */
const PARALLEL = 4;

type MultiSearch = z.output<typeof MultiSearchRequest>['searches'][number];
type MultiResult = z.input<typeof MultiSearchReply>['data'][number];

/** Searching and completing. */
export const searchRoutes = (deps: Deps): Route[] =>
  routes(
    post(
      '/v1/search/indexes/:name/search',
      {
        summary: 'Search an index',
        params: IndexPath,
        body: SearchRequest,
        reply: SearchReply,
        scopes: ['search:read'],
      },
      ({ identity, params, body }) => deps.searcher.search(identity, params.name, body),
    ),
    post(
      '/v1/search/multi-search',
      {
        summary: 'Several searches at once',
        body: MultiSearchRequest,
        reply: MultiSearchReply,
        scopes: ['search:read'],
      },
      async ({ identity, body }) => ({ object: 'list' as const, data: await searchAll(deps, identity, body.searches) }),
    ),
    get(
      '/v1/search/indexes/:name/suggest',
      {
        summary: 'Complete what is being typed',
        params: IndexPath,
        query: SuggestQuery,
        reply: SuggestReply,
        scopes: ['search:read'],
      },
      async ({ identity, params, query }) => {
        const { principal: principals, ...rest } = query;
        const data = await suggest(deps.engine, identity, { name: params.name, request: { ...rest, principals } });
        return { object: 'list' as const, data };
      },
    ),
  );

async function searchAll(deps: Deps, identity: Identity, searches: readonly MultiSearch[]): Promise<MultiResult[]> {
  const results: MultiResult[] = [];
  for (let from = 0; from < searches.length; from += PARALLEL) {
    const some = searches.slice(from, from + PARALLEL);
    results.push(...(await Promise.all(some.map((search) => searchOne(deps, identity, search)))));
  }
  return results;
}

async function searchOne(
  { searcher, context }: Deps,
  identity: Identity,
  { index, ...request }: MultiSearch,
): Promise<MultiResult> {
  try {
    return { index, status: 200, result: await searcher.search(identity, index, request) };
  } catch (thrown) {
    const { status, code, detail, errors } = toAppError(thrown);
    if (status >= 500) context.log.error({ error: thrown }, 'a search of a multi-search failed');
    const pointers = errors.map(({ pointer, detail: what }) => ({ pointer, detail: what }));
    return {
      index,
      status,
      error: { status, code, ...(detail && { detail }), ...(pointers.length > 0 && { errors: pointers }) },
    };
  }
}
