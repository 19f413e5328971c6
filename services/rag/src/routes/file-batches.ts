import { AppError, get, newId, post, routes } from '@genai-platform/common';
import type { Identity, Route } from '@genai-platform/common';
import { z } from 'zod';
import { FileBatch, NewFileBatch } from '../api/openai-schemas.ts';
import type { Deps } from '../deps.ts';
import { usableFiles } from '../files.ts';
import { getCollection } from '../store/collection-rows.ts';
import type { CollectionRow } from '../store/collection-rows.ts';
import { countDocuments } from '../store/document-rows.ts';
import { addFiles, fileCounts, toChunking, unixSeconds } from '../vector-stores.ts';
import { filesReply, listSpec } from './vector-store-files.ts';
import { StorePath, storeSpec } from './vector-stores.ts';

const PATH = '/v1/vector_stores/:store/file_batches';
const ONE = `${PATH}/:batch`;
const BatchPath = StorePath.extend({ batch: z.string().min(1).max(128) });

/** Many files at once, as OpenAI has it. */
export const fileBatchRoutes = (deps: Deps): Route[] => routes(create(deps), getOne(deps), cancel(deps), files(deps));

const create = (deps: Deps): Route =>
  post(
    PATH,
    {
      ...storeSpec,
      summary: 'Add many files to a vector store',
      params: StorePath,
      body: NewFileBatch,
      reply: FileBatch,
      scopes: ['rag:write'],
    },
    async ({ params, body, identity }) => {
      const { db, jobs } = deps;
      const collection = await getCollection(db, identity, params.store);
      const given = await usableFiles(db, identity, body.file_ids, '/file_ids');
      const batchId = newId('vsfb');
      const { attributes, chunking_strategy: strategy } = body;
      await db.withTransaction({ identity }, async (tx) => {
        const values = [batchId, identity.tenant, collection.key];
        await tx.query('INSERT INTO file_batches (id, tenant, collection_id) VALUES ($1, $2, $3)', values);
        await addFiles(jobs, tx, identity, {
          collection,
          files: given,
          attributes,
          chunking: toChunking(strategy),
          batchId,
        });
      });
      jobs.wake();
      return await describe(deps, identity, collection, batchId);
    },
  );

const getOne = (deps: Deps): Route =>
  get(
    ONE,
    { ...storeSpec, summary: 'Get a batch', params: BatchPath, reply: FileBatch, scopes: ['rag:read'] },
    async ({ params, identity }) => {
      const collection = await getCollection(deps.db, identity, params.store);
      return await describe(deps, identity, collection, params.batch);
    },
  );

const cancel = (deps: Deps): Route =>
  post(
    `${ONE}/cancel`,
    {
      ...storeSpec,
      summary: 'Cancel a batch',
      description: 'Files that are there already stay.',
      params: BatchPath,
      reply: FileBatch,
      scopes: ['rag:write'],
      idempotencyKey: 'none',
    },
    async ({ params, identity }) => {
      const { db, jobs } = deps;
      const collection = await getCollection(db, identity, params.store);
      const rows = await db.rows<{ job: string }>(
        { identity },
        `WITH marked AS (UPDATE file_batches SET cancelled = true WHERE tenant = $1 AND id = $2 AND collection_id = $3 RETURNING id)
         SELECT job_id AS job FROM documents JOIN marked ON batch_id = marked.id
          WHERE tenant = $1 AND status = 'in_progress' AND job_id IS NOT NULL`,
        [identity.tenant, params.batch, collection.key],
      );
      for (const { job } of rows) await jobs.cancel(identity.tenant, job);
      return await describe(deps, identity, collection, params.batch);
    },
  );

const files = (deps: Deps): Route =>
  get(`${ONE}/files`, { ...listSpec, summary: 'List the files of a batch', params: BatchPath }, async (request) => {
    const { params, identity } = request;
    const collection = await getCollection(deps.db, identity, params.store);
    await describe(deps, identity, collection, params.batch);
    return await filesReply(deps, request, collection, params.batch);
  });

async function describe(
  { db }: Deps,
  identity: Identity,
  collection: CollectionRow,
  id: string,
): Promise<z.input<typeof FileBatch>> {
  const [batch] = await db.rows<{ cancelled: boolean; created_at: Date }>(
    { identity },
    'SELECT cancelled, created_at FROM file_batches WHERE tenant = $1 AND id = $2 AND collection_id = $3',
    [identity.tenant, id, collection.key],
  );
  if (batch === undefined)
    throw new AppError('RAG_BATCH_MISSING', { status: 404, detail: `there is no batch "${id}"` });
  const counts = fileCounts(await countDocuments(db, identity, { collection: collection.key, batchId: id }));
  const open = counts.in_progress > 0;
  return {
    id,
    object: 'vector_store.file_batch',
    created_at: unixSeconds(batch.created_at),
    vector_store_id: collection.id,
    status: batch.cancelled
      ? 'cancelled'
      : open
        ? 'in_progress'
        : counts.failed === counts.total && counts.total > 0
          ? 'failed'
          : 'completed',
    file_counts: counts,
  };
}
