import {
  PageQuery,
  del,
  empty,
  etagOf,
  get,
  pageReply,
  put,
  reply,
  requireMatch,
  routes,
} from '@genai-platform/common';
import type { Identity, Route } from '@genai-platform/common';
import type { IncomingMessage } from 'node:http';
import { IndexList, IndexReply } from '../api/index-schemas.ts';
import type { Deps } from '../deps.ts';
import { IndexSettings } from '../domain/settings.ts';
import { putIndex, removeIndex } from '../engine/index-admin.ts';
import type { Precondition } from '../engine/index-admin.ts';
import { indexMissing, preconditionFailed } from '../errors.ts';
import { findIndex, listIndexes } from '../store/index-rows.ts';
import type { IndexRow } from '../store/index-rows.ts';
import { IndexPath } from './index-paths.ts';

/** Indexes: make, change, look at, remove. */
export const indexRoutes = (deps: Deps): Route[] => routes(listAll(deps), getOne(deps), putOne(deps), removeOne(deps));

const listAll = ({ engine }: Deps): Route =>
  get(
    '/v1/search/indexes',
    { summary: 'List indexes by name', query: PageQuery, reply: IndexList, scopes: ['search:read'] },
    async ({ identity, query, req }) => {
      const rows = await listIndexes(engine.db, identity, query);
      return pageReply(
        req,
        query,
        rows.map((row) => toReply(row, identity)),
      );
    },
  );

const getOne = ({ engine }: Deps): Route =>
  get(
    '/v1/search/indexes/:name',
    { summary: 'Get an index', params: IndexPath, reply: IndexReply, scopes: ['search:read'] },
    async ({ identity, params }) => {
      const index = await findIndex(engine.db, identity, params.name);
      if (!index) throw indexMissing(params.name);
      return reply(toReply(index, identity), { headers: { etag: etagOfIndex(index) } });
    },
  );

const putOne = ({ engine }: Deps): Route =>
  put(
    '/v1/search/indexes/:name',
    {
      summary: 'Make an index or change its settings',
      description: 'If-Match guards against changes by others, If-None-Match: * against replacing an index.',
      params: IndexPath,
      body: IndexSettings,
      reply: IndexReply,
      replies: { 201: { description: 'Made', schema: IndexReply } },
      scopes: ['search:admin'],
    },
    async ({ identity, params, body, req }) => {
      const precondition = preconditionOf(req);
      const { index, created } = await putIndex(engine, identity, {
        name: params.name,
        settings: body,
        precondition,
      });
      return reply(toReply(index, identity), { status: created ? 201 : 200, headers: { etag: etagOfIndex(index) } });
    },
  );

const removeOne = ({ engine }: Deps): Route =>
  del(
    '/v1/search/indexes/:name',
    { summary: 'Remove an index with its documents', params: IndexPath, status: 204, scopes: ['search:admin'] },
    async ({ identity, params, req }) => {
      await removeIndex(engine, identity, { name: params.name, precondition: preconditionOf(req) });
      return empty();
    },
  );

function preconditionOf(req: IncomingMessage): Precondition {
  return (index) => {
    if (index) requireMatch(req, etagOfIndex(index));
    const exclusive = req.headers['if-none-match']?.trim() === '*';
    if (index ? exclusive : req.headers['if-match'] !== undefined) throw preconditionFailed();
  };
}

/** An index made anew under an old name must not have the old one's tags. */
function etagOfIndex({ indexId, revision }: IndexRow): string {
  return etagOf(`${indexId}.${revision}`);
}

function toReply(row: IndexRow, { scopes }: Identity): IndexReply {
  const countable = !row.settings.acl || scopes.includes('search:admin') || scopes.includes('*');
  return {
    object: 'search.index',
    id: row.name,
    name: row.name,
    settings: row.settings,
    revision: row.revision,
    documents: countable ? row.documents : null,
    ...(row.vectorEngine && { vector_engine: row.vectorEngine }),
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
}
