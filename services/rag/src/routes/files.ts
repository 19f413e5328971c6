import {
  AppError,
  PageQuery,
  del,
  get,
  pageOf,
  pageReply,
  post,
  reply,
  routes,
  stream,
  validate,
} from '@genai-platform/common';
import type { Route } from '@genai-platform/common';
import { z } from 'zod';
import { Deleted, FileFields, FileObject, Order } from '../api/openai-schemas.ts';
import type { Deps } from '../deps.ts';
import { quotaExceeded } from '../errors.ts';
import { removeFile, usableFiles } from '../files.ts';
import { isAdmin } from '../principals.ts';
import { fileBytesOf, insertFile, listFiles, readFileBytes } from '../store/file-rows.ts';
import type { FileRow } from '../store/file-rows.ts';

const FilePath = z.object({ file: z.string().min(1).max(128) });
const ListQuery = PageQuery.extend({ purpose: z.string().max(64).optional(), order: Order });
const spec = { tags: ['files'], errorFormat: 'openai' } as const;

/** `/v1/files`, as OpenAI has it. */
export const fileRoutes = (deps: Deps): Route[] =>
  routes(upload(deps), list(deps), getOne(deps), content(deps), remove(deps));

const upload = ({ db, config }: Deps): Route =>
  post(
    '/v1/files',
    {
      ...spec,
      summary: 'Upload a file',
      multipart: {
        maxFiles: 1,
        maxFileBytes: config.RAG_MAX_DOCUMENT_BYTES,
        documentation: {
          file: { description: 'The file', file: true, required: true },
          purpose: { description: 'What for, such as assistants or user_data', required: true },
        },
      },
      maxBodyBytes: Math.ceil(config.RAG_MAX_DOCUMENT_BYTES * 1.01) + 65_536,
      reply: FileObject,
      scopes: ['rag:write'],
    },
    async ({ multipart, identity }) => {
      const { files, fields } = await multipart.read();
      const [file] = files;
      if (!file)
        throw new AppError('RAG_FILE_MISSING', { status: 400, detail: 'the form has no file', pointer: '/file' });
      const { purpose, 'expires_after[seconds]': expiresAfterSeconds = null } = validate(FileFields, fields, 'body');
      const { bytes: content, filename, contentType: mediaType } = file;
      return await db.withTransaction({ identity, statementTimeoutMs: 60_000 }, async (tx) => {
        const most = config.RAG_MAX_FILE_BYTES_PER_TENANT;
        if ((await fileBytesOf(tx, identity)) + content.byteLength > most) {
          throw quotaExceeded(`the files of a tenant take at most ${most} bytes`);
        }
        return toFileObject(
          await insertFile(tx, identity, { filename, mediaType, purpose, content, expiresAfterSeconds }),
        );
      });
    },
  );

const list = ({ db }: Deps): Route =>
  get(
    '/v1/files',
    { ...spec, summary: 'List files', query: ListQuery, reply: pageOf(FileObject), scopes: ['rag:read'] },
    async ({ query, identity, req }) => {
      const { purpose, order, ...page } = query;
      const subject = isAdmin(identity) ? null : identity.subject;
      const rows = await listFiles(db, identity, { page, purpose, ascending: order === 'asc', subject });
      return pageReply(req, query, rows.map(toFileObject));
    },
  );

const getOne = ({ db }: Deps): Route =>
  get(
    '/v1/files/:file',
    { ...spec, summary: 'Get a file', params: FilePath, reply: FileObject, scopes: ['rag:read'] },
    async ({ params, identity }) => {
      const [file] = await usableFiles(db, identity, [params.file], '/file');
      return toFileObject(file as FileRow);
    },
  );

const content = ({ db }: Deps): Route =>
  get(
    '/v1/files/:file/content',
    {
      ...spec,
      summary: 'Get what is in a file',
      params: FilePath,
      produces: ['application/octet-stream'],
      scopes: ['rag:read'],
    },
    async ({ params, identity }) => {
      const [file] = await usableFiles(db, identity, [params.file], '/file');
      const bytes = await readFileBytes(db, identity, params.file);
      // What somebody uploaded must not run in anybody's browser.
      const headers = { 'content-disposition': 'attachment', 'x-content-type-options': 'nosniff' };
      return stream(bytes ?? new Uint8Array(), file?.mediaType ?? 'application/octet-stream', { headers });
    },
  );

const remove = ({ db }: Deps): Route =>
  del(
    '/v1/files/:file',
    {
      ...spec,
      summary: 'Delete a file, in vector stores too',
      params: FilePath,
      reply: Deleted,
      scopes: ['rag:write'],
    },
    async ({ params, identity }) => {
      await usableFiles(db, identity, [params.file], '/file');
      await removeFile(db, identity, params.file);
      return reply({ id: params.file, object: 'file', deleted: true as const });
    },
  );

function toFileObject({ id, bytes, createdAt, expiresAt, filename, purpose }: FileRow): z.input<typeof FileObject> {
  return {
    id,
    object: 'file',
    bytes,
    created_at: Math.floor(createdAt.getTime() / 1_000),
    expires_at: expiresAt === null ? null : Math.floor(expiresAt.getTime() / 1_000),
    filename,
    purpose,
    status: 'processed',
  };
}
