import {
  AppError,
  Job,
  del,
  empty,
  get,
  jobResponse,
  pageReply,
  patch,
  post,
  reply,
  routes,
  validate,
} from '@genai-platform/common';
import type { Identity, Multipart, Route } from '@genai-platform/common';
import type { z } from 'zod';
import {
  ChunkList,
  ChunkListQuery,
  DocumentChangeBody,
  DocumentList,
  DocumentListQuery,
  DocumentPath,
  DocumentReply,
  NewDocumentBody,
  NewDocumentFields,
  TextReply,
} from '../api/document-schemas.ts';
import { CollectionPath } from '../api/collection-schemas.ts';
import type { Deps } from '../deps.ts';
import { documentMissing, quotaExceeded } from '../errors.ts';
import { beginIngestion } from '../ingestion/begin-ingestion.ts';
import type { IncomingDocument, IncomingSource } from '../ingestion/begin-ingestion.ts';
import { isAdmin, readersOf } from '../principals.ts';
import { changeDocument } from '../store/change-document.ts';
import { chunksOf } from '../store/chunk-rows.ts';
import { getCollection, lockCollection } from '../store/collection-rows.ts';
import type { CollectionRow } from '../store/collection-rows.ts';
import { documentText, findDocument, listDocuments } from '../store/document-rows.ts';
import type { DocumentRow } from '../store/document-rows.ts';
import { findFiles } from '../store/file-rows.ts';
import { removeDocuments } from '../store/remove-documents.ts';

const PATH = '/v1/rag/collections/:collection/documents';
const ONE = `${PATH}/:document`;

/** Documents of a collection: take in, list, look at, change, remove. */
export const documentRoutes = (deps: Deps): Route[] =>
  routes(create(deps), list(deps), getOne(deps), change(deps), remove(deps), chunks(deps), text(deps));

const create = (deps: Deps): Route =>
  post(
    PATH,
    {
      summary: 'Take a document in',
      description:
        'As a form with a file, or as JSON with text, a public address or a file of /v1/files. Answers the job that reads, ' +
        'divides and embeds it; `Prefer: wait=n` waits for its end. The same content for the same readers is not taken in twice.',
      params: CollectionPath,
      body: NewDocumentBody,
      multipart: {
        maxFiles: 1,
        maxFileBytes: deps.config.RAG_MAX_DOCUMENT_BYTES,
        documentation: {
          file: { description: 'The document', file: true, required: true },
          id: { description: "The sender's own name of it" },
          title: { description: 'Its title' },
          metadata: { description: 'Metadata as JSON' },
          acl: { description: 'Principals as JSON' },
          chunking: { description: 'How it is divided, as JSON' },
        },
      },
      maxBodyBytes: Math.ceil(deps.config.RAG_MAX_DOCUMENT_BYTES * 1.1),
      reply: Job,
      replies: { 202: { description: 'Accepted', schema: Job } },
      scopes: ['rag:write'],
    },
    async ({ params, body, multipart, identity, signal, req }) => {
      const { db, jobs, config } = deps;
      const collection = await getCollection(db, identity, params.collection);
      const given = body ? await fromBody(deps, identity, body) : await fromForm(multipart as Multipart);
      const { documents } = collection;
      const most = config.RAG_MAX_DOCUMENTS_PER_COLLECTION;
      if (documents >= most) throw quotaExceeded(`a collection holds at most ${most} documents`);
      const { job } = await db.withTransaction({ identity }, (tx) =>
        beginIngestion(jobs, identity, { ...given, collection }, tx),
      );
      jobs.wake();
      return await jobResponse(jobs, job, { req, signal, tenant: identity.tenant });
    },
  );

type Incoming = Omit<IncomingDocument, 'collection'>;

async function fromBody(deps: Deps, identity: Identity, body: NewDocumentBody): Promise<Incoming> {
  const { id: externalId, title, metadata, acl, chunking, webhook } = body;
  return { externalId, title, metadata, acl, chunking, webhook, source: await sourceOf(deps, identity, body) };
}

async function sourceOf({ db, guard }: Deps, identity: Identity, body: NewDocumentBody): Promise<IncomingSource> {
  const { text, format, url, file_id: fileId = '' } = body;
  if (text !== undefined) return { type: 'text', bytes: Buffer.from(text), format };
  if (url !== undefined) return { type: 'url', url: guard.check(url).href };
  const [file] = await findFiles(db, identity, [fileId]);
  if (file === undefined || !(isAdmin(identity) || file.subject === identity.subject)) {
    throw new AppError('RAG_FILE_MISSING', {
      status: 404,
      detail: `there is no file "${fileId}"`,
      pointer: '/file_id',
    });
  }
  const { filename, mediaType: contentType, bytes: size } = file;
  return { type: 'stored', fileId, size, filename, contentType };
}

async function fromForm(form: Multipart): Promise<Incoming> {
  const { files, fields } = await form.read();
  const [file] = files;
  if (!file) throw new AppError('RAG_FILE_MISSING', { status: 400, detail: 'the form has no file', pointer: '/file' });
  const { id: externalId, ...rest } = validate(NewDocumentFields, fields, 'body');
  const { bytes, filename, contentType } = file;
  return { externalId, ...rest, source: { type: 'file', bytes, filename, contentType } };
}

const list = ({ db }: Deps): Route =>
  get(
    PATH,
    {
      summary: 'List documents, newest first',
      params: CollectionPath,
      query: DocumentListQuery,
      reply: DocumentList,
      scopes: ['rag:read'],
    },
    async ({ params, query, identity, req }) => {
      const collection = await getCollection(db, identity, params.collection);
      const { status, ...page } = query;
      const given = { page, collection: collection.key, principals: readersOf(identity), status };
      const rows = await listDocuments(db, identity, given);
      return pageReply(req, query, rows.map((row) => toReply(row, collection))); // prettier-ignore
    },
  );

const getOne = (deps: Deps): Route =>
  get(
    ONE,
    { summary: 'Get a document', params: DocumentPath, reply: DocumentReply, scopes: ['rag:read'] },
    async ({ params, identity }) => {
      const { collection, document } = await found(deps, identity, params);
      return toReply(document, collection);
    },
  );

const change = (deps: Deps): Route =>
  patch(
    ONE,
    {
      summary: "Change a document's metadata or readers",
      params: DocumentPath,
      body: DocumentChangeBody,
      reply: DocumentReply,
      scopes: ['rag:write'],
    },
    async ({ params, body, identity }) => {
      const { collection, document } = await found(deps, identity, params);
      const place = { collection: collection.key, id: document.id };
      if (!(await changeDocument(deps.db, identity, place, body))) throw documentMissing(params.document);
      const { metadata = document.metadata, acl = document.acl } = body;
      return toReply({ ...document, metadata, acl, updatedAt: new Date(deps.context.clock.now()) }, collection);
    },
  );

const remove = (deps: Deps): Route =>
  del(
    ONE,
    {
      summary: 'Remove a document',
      description: 'The next query does not find it.',
      params: DocumentPath,
      status: 204,
      scopes: ['rag:write'],
    },
    async ({ params, identity }) => {
      const { collection, document } = await found(deps, identity, params);
      const gone = await deps.db.withTransaction({ identity, statementTimeoutMs: 60_000 }, async (tx) => {
        await lockCollection(tx, identity, collection.key);
        return await removeDocuments(tx, identity, collection.key, { ids: [document.id] });
      });
      if (gone.length === 0) throw documentMissing(params.document);
      if (document.status === 'in_progress' && document.jobId !== null)
        await deps.jobs.cancel(identity.tenant, document.jobId);
      return empty();
    },
  );

const chunks = (deps: Deps): Route =>
  get(
    `${ONE}/chunks`,
    {
      summary: 'List the chunks of a document',
      params: DocumentPath,
      query: ChunkListQuery,
      reply: ChunkList,
      scopes: ['rag:read'],
    },
    async ({ params, query, identity }) => {
      const { collection, document } = await found(deps, identity, params);
      const { from, limit } = query;
      const rows = await chunksOf(deps.db, identity, { documentId: document.id, from, limit: limit + 1 });
      const data = rows.slice(0, limit).map((row) => ({
        object: 'rag.chunk' as const,
        id: `${collection.id}/${row.number}`,
        index: row.ordinal,
        start: row.startAt,
        end: row.endAt,
        context: row.context,
        text: row.text,
      }));
      return { object: 'list' as const, data, has_more: rows.length > limit };
    },
  );

const text = (deps: Deps): Route =>
  get(
    `${ONE}/text`,
    { summary: 'Get the text that citations point into', params: DocumentPath, reply: TextReply, scopes: ['rag:read'] },
    async ({ params, identity }) => {
      const { document } = await found(deps, identity, params);
      const whole = await documentText(deps.db, identity, document.id);
      if (whole === undefined) throw documentMissing(params.document);
      return reply({ object: 'rag.document_text' as const, id: document.id, text: whole });
    },
  );

/** A document that the caller may see. @throws AppError 404 */
async function found(
  { db }: Deps,
  identity: Identity,
  params: { collection: string; document: string },
): Promise<{ collection: CollectionRow; document: DocumentRow }> {
  const collection = await getCollection(db, identity, params.collection);
  const given = { collection: collection.key, id: params.document, principals: readersOf(identity) };
  const document = await findDocument(db, identity, given);
  if (document === undefined) throw documentMissing(params.document);
  return { collection, document };
}

function toReply(row: DocumentRow, { id: collection_id }: CollectionRow): z.input<typeof DocumentReply> {
  const { id, status, title, source, bytes, chunks: count, acl, problem } = row;
  return {
    object: 'rag.document',
    id,
    collection_id,
    external_id: row.externalId,
    file_id: row.fileId,
    job_id: row.jobId,
    ...{ status, title, source, bytes, chunks: count },
    metadata: { ...row.metadata } as z.input<typeof DocumentReply>['metadata'],
    acl: [...acl],
    error: problem,
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
}
