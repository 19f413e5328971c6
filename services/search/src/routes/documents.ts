import { isUtf8 } from 'node:buffer';
import { AppError, del, empty, get, post, reply, routes } from '@genai-platform/common';
import type { RawBody, Route } from '@genai-platform/common';
import { z } from 'zod';
import { BulkReply, DocumentReply } from '../api/document-schemas.ts';
import type { ItemResult } from '../api/document-schemas.ts';
import type { Deps } from '../deps.ts';
import { EVERYONE } from '../domain/ranking/visibility.ts';
import { MAX_ITEMS } from '../domain/prepare-bulk.ts';
import { principalsOf } from '../engine/principals.ts';
import { documentMissing, indexMissing } from '../errors.ts';
import { findDocument } from '../store/document-rows.ts';
import { DocumentPath, IndexPath } from './index-paths.ts';

const JsonBulk = z.strictObject({ documents: z.array(z.unknown()).min(1).max(MAX_ITEMS) });
const DeleteBody = z.strictObject({ ids: z.array(z.string().min(1).max(512)).min(1).max(MAX_ITEMS) });

/** Documents: write, look at, remove. */
export const documentRoutes = (deps: Deps): Route[] =>
  routes(writeMany(deps), removeMany(deps), getOne(deps), removeOne(deps));

const writeMany = ({ config, indexer }: Deps): Route =>
  post(
    '/v1/search/indexes/:name/documents',
    {
      summary: 'Add or replace documents',
      description:
        'One document a line: {"id", "fields", "acl"?, "vector"?}. Every line has a result of its own; valid ones are written together. When the reply comes, searches find them.',
      params: IndexPath,
      body: JsonBulk,
      raw: { contentTypes: ['application/x-ndjson', 'application/jsonl'] },
      maxBodyBytes: config.SEARCH_BULK_MAX_BYTES,
      reply: BulkReply,
      status: 207,
      scopes: ['search:write'],
    },
    async ({ identity, params, body, raw }) => {
      const startedAtMs = performance.now();
      const source = raw ? { lines: await readLines(raw) } : { values: body?.documents ?? [] };
      return bulkReply(await indexer.upsert(identity, params.name, source), startedAtMs);
    },
  );

const removeMany = ({ indexer }: Deps): Route =>
  post(
    '/v1/search/indexes/:name/documents/delete',
    {
      summary: 'Remove documents by id',
      params: IndexPath,
      body: DeleteBody,
      reply: BulkReply,
      status: 207,
      scopes: ['search:write'],
    },
    async ({ identity, params, body: { ids } }) => {
      const startedAtMs = performance.now();
      const deleted = await indexer.delete(identity, params.name, ids);
      const results = ids.map((id, i): ItemResult =>
        deleted.has(id)
          ? { id, line: i + 1, status: 200 }
          : { id, line: i + 1, status: 404, code: 'SEARCH_DOCUMENT_MISSING' },
      );
      return bulkReply(results, startedAtMs);
    },
  );

const getOne = ({ engine }: Deps): Route =>
  get(
    '/v1/search/indexes/:name/documents/:id',
    { summary: 'Get a document', params: DocumentPath, reply: DocumentReply, scopes: ['search:read'] },
    async ({ identity, params: { name, id } }) => {
      const found = await findDocument(engine.db, identity, name, id);
      if (!found) throw indexMissing(name);
      const { document, restricted } = found;
      const readers = [...principalsOf(identity, undefined), EVERYONE];
      // A document that may not be seen is answered like one that is not there.
      if (!document || (restricted && !document.acl.some((principal) => readers.includes(principal))))
        throw documentMissing(id);
      return reply({
        object: 'search.document',
        id: document.id,
        fields: { ...document.fields },
        indexed_at: document.indexedAt.toISOString(),
      });
    },
  );

const removeOne = ({ indexer }: Deps): Route =>
  del(
    '/v1/search/indexes/:name/documents/:id',
    { summary: 'Remove a document', params: DocumentPath, status: 204, scopes: ['search:write'] },
    async ({ identity, params: { name, id } }) => {
      const deleted = await indexer.delete(identity, name, [id]);
      if (deleted.size === 0) throw documentMissing(id);
      return empty();
    },
  );

async function readLines(raw: RawBody): Promise<Uint8Array> {
  const bytes = await raw.bytes();
  if (isUtf8(bytes)) return bytes;
  throw new AppError('REQUEST_MALFORMED', { status: 400, detail: 'the body is not UTF-8' });
}

function bulkReply(data: ItemResult[], startedAtMs: number): z.input<typeof BulkReply> {
  const failed = data.filter(({ status }) => status >= 400).length;
  const took = Math.round((performance.now() - startedAtMs) * 1_000) / 1_000;
  return { object: 'list', data, succeeded: data.length - failed, failed, took_ms: took };
}
