import { PageQuery, del, get, pageOf, pageReply, post, reply, routes } from '@genai-platform/common';
import type { Identity, Route } from '@genai-platform/common';
import { z } from 'zod';
import { Attributes, Contents, Deleted, NewStoreFile, StoreFile } from '../api/openai-schemas.ts';
import type { Deps } from '../deps.ts';
import { documentMissing } from '../errors.ts';
import { usableFiles } from '../files.ts';
import { readersOf } from '../principals.ts';
import { changeDocument } from '../store/change-document.ts';
import { getCollection, lockCollection } from '../store/collection-rows.ts';
import type { CollectionRow } from '../store/collection-rows.ts';
import { documentText, findDocument, listDocuments } from '../store/document-rows.ts';
import type { DocumentQuery, DocumentRow } from '../store/document-rows.ts';
import { removeDocuments } from '../store/remove-documents.ts';
import { addFiles, toChunking, toStoreFile } from '../vector-stores.ts';
import { StorePath, storeSpec } from './vector-stores.ts';

const PATH = '/v1/vector_stores/:store/files';
const ONE = `${PATH}/:file`;
const FilePath = StorePath.extend({ file: z.string().min(1).max(128) });
const StoreFilesQuery = PageQuery.extend({
  order: z.enum(['asc', 'desc']).default('desc'),
  filter: z.enum(['in_progress', 'completed', 'failed', 'cancelled']).optional(),
});

/** Files of a vector store, as OpenAI has them. */
export const vectorStoreFileRoutes = (deps: Deps): Route[] =>
  routes(add(deps), list(deps), getOne(deps), change(deps), remove(deps), content(deps));

const add = ({ db, jobs }: Deps): Route =>
  post(
    PATH,
    {
      ...storeSpec,
      summary: 'Add a file to a vector store',
      params: StorePath,
      body: NewStoreFile,
      reply: StoreFile,
      scopes: ['rag:write'],
    },
    async ({ params, body, identity }) => {
      const collection = await getCollection(db, identity, params.store);
      const { file_id: id, attributes, chunking_strategy: strategy } = body;
      const files = await usableFiles(db, identity, [id], '/file_id');
      const given = { collection, files, attributes, chunking: toChunking(strategy) };
      const [document] = await db.withTransaction({ identity }, (tx) => addFiles(jobs, tx, identity, given));
      jobs.wake();
      return toStoreFile(document as DocumentRow, collection);
    },
  );

/** How files of a store are listed. */
export const listSpec = {
  ...storeSpec,
  query: StoreFilesQuery,
  reply: pageOf(StoreFile),
  scopes: ['rag:read'],
};

const list = (deps: Deps): Route =>
  get(PATH, { ...listSpec, summary: 'List the files of a vector store', params: StorePath }, async (request) => {
    const collection = await getCollection(deps.db, request.identity, request.params.store);
    return await filesReply(deps, request, collection);
  });

interface ListRequest {
  readonly query: z.output<typeof StoreFilesQuery>;
  readonly identity: Identity;
  readonly req: Parameters<typeof pageReply>[0];
}

/** The page of files that a request asks for, of a batch where one is named. */
export async function filesReply(
  deps: Deps,
  { query, identity, req }: ListRequest,
  collection: CollectionRow,
  batchId?: string,
): Promise<ReturnType<typeof pageReply<z.input<typeof StoreFile>>>> {
  const rows = await storeFiles(deps, identity, collection, { ...query, batchId });
  return pageReply(req, query, rows.map((row) => toStoreFile(row, collection))); // prettier-ignore
}

/** A page of files; they are named by their ids, and stand in the order in which they were added. */
async function storeFiles(
  { db }: Deps,
  identity: Identity,
  collection: CollectionRow,
  {
    order,
    filter: status,
    after,
    before,
    limit,
    batchId,
  }: z.output<typeof StoreFilesQuery> & { batchId: string | undefined },
): Promise<DocumentRow[]> {
  const principals = readersOf(identity);
  const idOf = async (file: string | undefined): Promise<string | undefined> =>
    file && ((await findDocument(db, identity, { collection: collection.key, id: file, principals }))?.id ?? file);
  const page = { limit, after: await idOf(after), before: await idOf(before) };
  const query: DocumentQuery = {
    page,
    collection: collection.key,
    principals,
    status,
    batchId,
    ascending: order === 'asc',
  };
  return await listDocuments(db, identity, query);
}

const getOne = (deps: Deps): Route =>
  get(
    ONE,
    { ...storeSpec, summary: 'Get a file of a vector store', params: FilePath, reply: StoreFile, scopes: ['rag:read'] },
    async ({ params, identity }) => {
      const { collection, document } = await found(deps, identity, params);
      return toStoreFile(document, collection);
    },
  );

const change = (deps: Deps): Route =>
  post(
    ONE,
    {
      ...storeSpec,
      summary: 'Change the attributes of a file',
      params: FilePath,
      body: z.strictObject({ attributes: Attributes.nullable() }),
      reply: StoreFile,
      scopes: ['rag:write'],
    },
    async ({ params, body, identity }) => {
      const { collection, document } = await found(deps, identity, params);
      const metadata = body.attributes ?? {};
      await changeDocument(deps.db, identity, { collection: collection.key, id: document.id }, { metadata });
      return toStoreFile({ ...document, metadata }, collection);
    },
  );

const remove = (deps: Deps): Route =>
  del(
    ONE,
    {
      ...storeSpec,
      summary: 'Take a file out of a vector store',
      params: FilePath,
      reply: Deleted,
      scopes: ['rag:write'],
    },
    async ({ params, identity }) => {
      const { collection, document } = await found(deps, identity, params);
      await deps.db.withTransaction({ identity, statementTimeoutMs: 60_000 }, async (tx) => {
        await lockCollection(tx, identity, collection.key);
        await removeDocuments(tx, identity, collection.key, { ids: [document.id] });
      });
      return reply({ id: params.file, object: 'vector_store.file.deleted', deleted: true as const });
    },
  );

const content = (deps: Deps): Route =>
  get(
    `${ONE}/content`,
    { ...storeSpec, summary: 'Get the text of a file', params: FilePath, reply: Contents, scopes: ['rag:read'] },
    async ({ params, identity }) => {
      const { document } = await found(deps, identity, params);
      const text = (await documentText(deps.db, identity, document.id)) ?? '';
      return {
        object: 'vector_store.file_content.page' as const,
        data: [{ type: 'text' as const, text }],
        has_more: false,
        next_page: null,
      };
    },
  );

/** @throws AppError 404 */
async function found(
  { db }: Deps,
  identity: Identity,
  params: z.output<typeof FilePath>,
): Promise<{ collection: CollectionRow; document: DocumentRow }> {
  const collection = await getCollection(db, identity, params.store);
  const given = { collection: collection.key, id: params.file, principals: readersOf(identity) };
  const document = await findDocument(db, identity, given);
  if (document === undefined) throw documentMissing(params.file);
  return { collection, document };
}
