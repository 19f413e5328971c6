import { PageQuery, del, get, pageOf, pageReply, post, reply, routes } from '@genai-platform/common';
import type { Identity, Route } from '@genai-platform/common';
import { z } from 'zod';
import {
  Deleted,
  NewVectorStore,
  SearchBody,
  SearchPage,
  VectorStore,
  VectorStoreChange,
  toFilter,
} from '../api/openai-schemas.ts';
import { createCollection, removeCollection } from '../collections.ts';
import type { Deps } from '../deps.ts';
import { usableFiles } from '../files.ts';
import { principalsOf, refuseStrangers } from '../principals.ts';
import type { Passage } from '../retrieval/retriever.ts';
import { Stages } from '../retrieval/stages.ts';
import { getCollection, listCollections, lockCollection, updateCollection } from '../store/collection-rows.ts';
import type { CollectionRow } from '../store/collection-rows.ts';
import { addFiles, toChunking, toVectorStore } from '../vector-stores.ts';

export const StorePath = z.object({ store: z.string().min(1).max(128) });
export const storeSpec = { tags: ['vector stores'], errorFormat: 'openai' } as const;
const ONE = '/v1/vector_stores/:store';
const CANDIDATES = 100;

/** `/v1/vector_stores`, as OpenAI has it: collections by another name. */
export const vectorStoreRoutes = (deps: Deps): Route[] =>
  routes(create(deps), list(deps), getOne(deps), change(deps), remove(deps), search(deps));

const create = (deps: Deps): Route =>
  post(
    '/v1/vector_stores',
    { ...storeSpec, summary: 'Make a vector store', body: NewVectorStore, reply: VectorStore, scopes: ['rag:write'] },
    async ({ body, identity }) => {
      const { db, config, jobs } = deps;
      const { name, description, file_ids: ids, expires_after: expires, chunking_strategy: strategy, metadata } = body;
      const files = await usableFiles(db, identity, ids ?? [], '/file_ids');
      const chunking = toChunking(strategy) ?? { max_characters: 1_600, overlap_characters: 0 };
      const settings = {
        language: 'en' as const,
        embedding_model: config.RAG_EMBEDDING_MODEL,
        chunking,
        vector_weight: 0.5,
      };
      const collection = await createCollection(db, config, identity, {
        name: null,
        title: name ?? '',
        description: description ?? '',
        metadata: metadata ?? {},
        settings,
        expireAfterDays: expires?.days ?? null,
      });
      await db.withTransaction({ identity }, (tx) => addFiles(jobs, tx, identity, { collection, files }));
      jobs.wake();
      return await toVectorStore(db, identity, collection);
    },
  );

const list = ({ db }: Deps): Route =>
  get(
    '/v1/vector_stores',
    {
      ...storeSpec,
      summary: 'List vector stores',
      query: PageQuery.extend({ order: z.enum(['asc', 'desc']).default('desc') }),
      reply: pageOf(VectorStore),
      scopes: ['rag:read'],
    },
    async ({ query, identity, req }) => {
      const { order, ...page } = query;
      const rows = await listCollections(db, identity, page, order === 'asc');
      return pageReply(req, query, await Promise.all(rows.map((row) => toVectorStore(db, identity, row))));
    },
  );

const getOne = ({ db }: Deps): Route =>
  get(
    ONE,
    { ...storeSpec, summary: 'Get a vector store', params: StorePath, reply: VectorStore, scopes: ['rag:read'] },
    async ({ params, identity }) => await toVectorStore(db, identity, await getCollection(db, identity, params.store)),
  );

const change = ({ db }: Deps): Route =>
  post(
    ONE,
    {
      ...storeSpec,
      summary: 'Change a vector store',
      params: StorePath,
      body: VectorStoreChange,
      reply: VectorStore,
      scopes: ['rag:write'],
    },
    async ({ params, body, identity }) => {
      const { key } = await getCollection(db, identity, params.store);
      await db.withTransaction({ identity }, async (tx) => {
        refuseStrangers(identity, (await lockCollection(tx, identity, key)).createdBy, 'vector store');
        const { name, metadata, expires_after: expires } = body;
        await updateCollection(tx, identity, key, {
          ...(name !== undefined && { title: name ?? '' }),
          ...(metadata !== undefined && { metadata: metadata ?? {} }),
          ...(expires !== undefined && { expireAfterDays: expires?.days ?? null }),
        });
      });
      return await toVectorStore(db, identity, await getCollection(db, identity, params.store));
    },
  );

const remove = ({ db }: Deps): Route =>
  del(
    ONE,
    { ...storeSpec, summary: 'Delete a vector store', params: StorePath, reply: Deleted, scopes: ['rag:write'] },
    async ({ params, identity }) => {
      const { key, id } = await getCollection(db, identity, params.store);
      await removeCollection(db, identity, key, (row) => refuseStrangers(identity, row.createdBy, 'vector store'));
      return reply({ id, object: 'vector_store.deleted', deleted: true as const });
    },
  );

const search = (deps: Deps): Route =>
  post(
    `${ONE}/search`,
    {
      ...storeSpec,
      summary: 'Search a vector store',
      description:
        'Several queries are searched one by one, and each passage counts with its best score. Queries are not rewritten.',
      params: StorePath,
      body: SearchBody,
      reply: SearchPage,
      scopes: ['rag:read'],
      idempotencyKey: 'none',
    },
    async ({ params, body, identity, signal }) => {
      const store = await getCollection(deps.db, identity, params.store);
      const queries = [body.query].flat();
      const least = body.ranking_options?.score_threshold ?? 0;
      const found = (
        await Promise.all(queries.map((query) => searchOne(deps, identity, { store, body, query, signal })))
      ).flat();
      const best = new Map<number, Passage>();
      for (const passage of found.toSorted((a, b) => b.score - a.score)) {
        if (passage.score >= least && !best.has(passage.chunk.number)) best.set(passage.chunk.number, passage);
      }
      const data = [...best.values()].slice(0, body.max_num_results).map(toResult);
      return {
        object: 'vector_store.search_results.page' as const,
        search_query: queries,
        data,
        has_more: false,
        next_page: null,
      };
    },
  );

interface OneSearch {
  readonly store: CollectionRow;
  readonly body: z.output<typeof SearchBody>;
  readonly query: string;
  readonly signal: AbortSignal;
}

async function searchOne(
  { retriever }: Deps,
  identity: Identity,
  { store, body, query, signal }: OneSearch,
): Promise<readonly Passage[]> {
  const request = {
    query,
    collections: [store.id],
    principals: principalsOf(identity, undefined),
    filter: body.filters ? toFilter(body.filters) : undefined,
    mode: 'hybrid' as const,
    limit: body.max_num_results,
    candidates: CANDIDATES,
  };
  return (await retriever.retrieve(identity, request, new Stages(), signal)).passages;
}

function toResult({ chunk, score }: Passage): z.input<typeof SearchPage>['data'][number] {
  const { fileId, filename, title, metadata } = chunk.document;
  return {
    file_id: fileId ?? chunk.documentId,
    filename: filename ?? title,
    score,
    attributes: { ...metadata },
    content: [{ type: 'text', text: chunk.text }],
  };
}
