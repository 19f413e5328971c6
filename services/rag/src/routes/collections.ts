import {
  Job,
  PageQuery,
  del,
  empty,
  etagOf,
  get,
  jobResponse,
  pageReply,
  patch,
  post,
  reply,
  requireMatch,
  routes,
} from '@genai-platform/common';
import type { Route } from '@genai-platform/common';
import type { z } from 'zod';
import {
  Collection,
  CollectionChangeBody,
  CollectionList,
  CollectionPath,
  NewCollectionBody,
  ReembedBody,
} from '../api/collection-schemas.ts';
import { createCollection, removeCollection } from '../collections.ts';
import type { Deps } from '../deps.ts';
import { beginReembed } from '../ingestion/begin-reembed.ts';
import { refuseStrangers } from '../principals.ts';
import { getCollection, listCollections, lockCollection, updateCollection } from '../store/collection-rows.ts';
import type { CollectionRow } from '../store/collection-rows.ts';

const PATH = '/v1/rag/collections';
const ONE = `${PATH}/:collection`;

/** Collections: make, list, look at, change, remove. */
export const collectionRoutes = (deps: Deps): Route[] =>
  routes(create(deps), list(deps), getOne(deps), change(deps), reembed(deps), remove(deps));

const create = ({ db, config }: Deps): Route =>
  post(
    PATH,
    { summary: 'Make a collection', body: NewCollectionBody, reply: Collection, status: 201, scopes: ['rag:write'] },
    async ({ body, identity }) => {
      const { name, description, metadata, language, chunking, vector_weight } = body;
      const embedding_model = body.embedding_model ?? config.RAG_EMBEDDING_MODEL;
      const settings = { language, embedding_model, chunking, vector_weight };
      const given = { name, title: name, description, metadata, settings, expireAfterDays: null };
      return described(await createCollection(db, config, identity, given), 201);
    },
  );

const list = ({ db }: Deps): Route =>
  get(
    PATH,
    { summary: 'List collections, newest first', query: PageQuery, reply: CollectionList, scopes: ['rag:read'] },
    async ({ query, identity, req }) =>
      pageReply(req, query, (await listCollections(db, identity, query)).map(toReply)),
  );

const getOne = ({ db }: Deps): Route =>
  get(
    ONE,
    { summary: 'Get a collection', params: CollectionPath, reply: Collection, scopes: ['rag:read'] },
    async ({ params, identity }) => described(await getCollection(db, identity, params.collection)),
  );

const change = ({ db }: Deps): Route =>
  patch(
    ONE,
    {
      summary: 'Change a collection',
      description: 'If-Match guards against changes by others.',
      params: CollectionPath,
      body: CollectionChangeBody,
      reply: Collection,
      scopes: ['rag:write'],
    },
    async ({ params, body, identity, req }) => {
      const { key } = await getCollection(db, identity, params.collection);
      await db.withTransaction({ identity }, async (tx) => {
        const row = await lockCollection(tx, identity, key);
        refuseStrangers(identity, row.createdBy, 'collection');
        requireMatch(req, tagOf(row));
        const { description, metadata, chunking, vector_weight } = body;
        const settings = {
          ...row.settings,
          ...(chunking && { chunking }),
          ...(vector_weight !== undefined && { vector_weight }),
        };
        await updateCollection(tx, identity, key, {
          settings,
          ...(description !== undefined && { description }),
          ...(metadata && { metadata }),
        });
      });
      return described(await getCollection(db, identity, params.collection));
    },
  );

const reembed = ({ db, jobs }: Deps): Route =>
  post(
    `${ONE}/reembed`,
    {
      summary: 'Embed a collection anew, by another model',
      description:
        'Answers the job that does it. The old vectors are searched until the new ones are complete; a job that is cut off goes on where it was. 409 while another one is not done.',
      params: CollectionPath,
      body: ReembedBody,
      reply: Job,
      replies: { 202: { description: 'Accepted', schema: Job } },
      scopes: ['rag:write'],
    },
    async ({ params, body, identity, signal, req }) => {
      const row = await getCollection(db, identity, params.collection);
      refuseStrangers(identity, row.createdBy, 'collection');
      const job = await beginReembed({ db, jobs }, identity, row, body.model);
      return await jobResponse(jobs, job, { req, signal, tenant: identity.tenant });
    },
  );

const remove = ({ db }: Deps): Route =>
  del(
    ONE,
    { summary: 'Remove a collection with its documents', params: CollectionPath, status: 204, scopes: ['rag:write'] },
    async ({ params, identity, req }) => {
      const { key } = await getCollection(db, identity, params.collection);
      await removeCollection(db, identity, key, (row) => {
        refuseStrangers(identity, row.createdBy, 'collection');
        requireMatch(req, tagOf(row));
      });
      return empty();
    },
  );

function described(row: CollectionRow, status = 200): ReturnType<typeof reply<z.input<typeof Collection>>> {
  const headers = { etag: tagOf(row), ...(status === 201 && { location: `${PATH}/${row.name ?? row.id}` }) };
  return reply(toReply(row), { status, headers });
}

/** A collection made anew under an old name must not have the old one's tags. */
function tagOf({ key, revision }: CollectionRow): string {
  return etagOf(`${key}.${revision}`);
}

function toReply(row: CollectionRow): z.input<typeof Collection> {
  const { id, name, description, metadata, settings, space, documents, chunks, bytes, revision } = row;
  const { language, embedding_model, chunking, vector_weight } = settings;
  return {
    object: 'rag.collection',
    ...{ id, name, description, metadata: { ...metadata }, language, embedding_model },
    dimensions: space?.dimensions ?? null,
    ...{ chunking, vector_weight, documents, chunks, bytes, revision },
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
}
