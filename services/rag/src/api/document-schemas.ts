import { PageQuery, WebhookTarget, pageOf } from '@genai-platform/common';
import type { PageShape } from '@genai-platform/common';
import { z } from 'zod';
import { Chunking } from '../domain/collection-settings.ts';
import { DocumentMetadata, Principals } from './metadata-schema.ts';

export const DocumentPath = z.object({ collection: z.string().min(1).max(128), document: z.string().min(1).max(256) });

const ExternalId = z
  .string()
  .min(1)
  .max(256)
  .describe("The sender's own name of it; a later document of the same name takes its place");
const common = {
  id: ExternalId.optional(),
  title: z.string().max(512).default('').describe('Stands above every chunk when it is embedded'),
  metadata: DocumentMetadata.default({}),
  acl: Principals.default([]).describe('Who may find it, such as user:ada; everybody of the tenant where empty'),
  chunking: Chunking.optional(),
};

export const NewDocumentBody = z
  .strictObject({
    ...common,
    text: z.string().min(1).optional(),
    format: z.enum(['text', 'markdown']).default('markdown').describe('Of `text`'),
    url: z
      .url({ protocol: /^https?$/ })
      .max(2_000)
      .optional()
      .describe('A public address'),
    file_id: z.string().min(1).max(128).optional().describe('A file of /v1/files'),
    webhook: WebhookTarget.optional(),
  })
  .superRefine(({ text, url, file_id: file }, context) => {
    if ([text, url, file].filter((value) => value !== undefined).length === 1) return;
    context.addIssue({ code: 'custom', message: 'exactly one of text, url and file_id has to be given' });
  })
  .meta({ id: 'NewDocument' });
export type NewDocumentBody = z.output<typeof NewDocumentBody>;

const json = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'must be JSON' });
    return z.NEVER;
  }
});

/** The fields of a form beside its file. */
export const NewDocumentFields = z.strictObject({
  id: ExternalId.optional(),
  title: common.title,
  metadata: json.pipe(DocumentMetadata).default({}),
  acl: json.pipe(Principals).default([]),
  chunking: json.pipe(Chunking).optional(),
});

export const DocumentChangeBody = z
  .strictObject({ metadata: DocumentMetadata.optional(), acl: Principals.optional() })
  .meta({ id: 'DocumentChange' });

const Problem = z.object({
  status: z.int(),
  code: z.string(),
  title: z.string().optional(),
  detail: z.string().optional(),
});

export const DocumentReply = z
  .object({
    object: z.literal('rag.document'),
    id: z.string(),
    collection_id: z.string(),
    external_id: z.string().nullable(),
    file_id: z.string().nullable(),
    job_id: z.string().nullable(),
    status: z.enum(['in_progress', 'completed', 'failed', 'cancelled']),
    title: z.string(),
    source: z.object({
      type: z.enum(['text', 'file', 'url']),
      filename: z.string().optional(),
      url: z.string().optional(),
    }),
    bytes: z.int(),
    chunks: z.int(),
    metadata: DocumentMetadata,
    acl: z.array(z.string()),
    error: Problem.nullable(),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .meta({ id: 'Document' });

export const DocumentListQuery = PageQuery.extend({
  status: z.enum(['in_progress', 'completed', 'failed', 'cancelled']).optional(),
});
export const DocumentList: z.ZodObject<PageShape<typeof DocumentReply>> = pageOf(DocumentReply);

export const ChunkListQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  from: z.coerce.number().int().min(0).default(0).describe('The first chunk is 0'),
});
export const ChunkList = z
  .object({
    object: z.literal('list'),
    data: z.array(
      z.object({
        object: z.literal('rag.chunk'),
        id: z.string(),
        index: z.int(),
        start: z.int().describe('In UTF-16 units of the text of the document'),
        end: z.int(),
        context: z.string(),
        text: z.string(),
      }),
    ),
    has_more: z.boolean(),
  })
  .meta({ id: 'ChunkList' });

export const TextReply = z
  .object({ object: z.literal('rag.document_text'), id: z.string(), text: z.string() })
  .meta({ id: 'DocumentText' });
