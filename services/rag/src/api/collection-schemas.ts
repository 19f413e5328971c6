import { pageOf } from '@genai-platform/common';
import type { PageShape } from '@genai-platform/common';
import { LANGUAGES } from '@genai-platform/common/retrieval';
import type { Language } from '@genai-platform/common/retrieval';
import { z } from 'zod';
import { Chunking } from '../domain/collection-settings.ts';

export const CollectionName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, 'must be 1 to 64 lower-case letters, digits, dashes or underscores');

/** A name, or the id of a collection or vector store. */
export const CollectionPath = z.object({ collection: z.string().min(1).max(128) });

const CollectionMetadata = z
  .record(z.string().min(1).max(64), z.string().max(512))
  .refine((metadata) => Object.keys(metadata).length <= 16, 'at most 16 fields');

const language = z.enum(LANGUAGES as [Language, ...Language[]]);
const model = z.string().min(1).max(256);
const weight = z.number().min(0).max(1);

export const NewCollectionBody = z
  .strictObject({
    name: CollectionName,
    description: z.string().max(2_000).default(''),
    metadata: CollectionMetadata.default({}),
    language: language.default('en').describe('Of the documents: how their words are reduced to stems'),
    embedding_model: model.optional().describe("The platform's own where absent"),
    chunking: Chunking.prefault({}),
    vector_weight: weight.default(0.5).describe("The vectors' share of a hybrid score"),
  })
  .meta({ id: 'NewCollection' });

export const CollectionChangeBody = z
  .strictObject({
    description: z.string().max(2_000).optional(),
    metadata: CollectionMetadata.optional(),
    chunking: Chunking.optional().describe('Of documents that come later'),
    vector_weight: weight.optional(),
  })
  .meta({ id: 'CollectionChange' });

export const Collection = z
  .object({
    object: z.literal('rag.collection'),
    id: z.string(),
    name: z.string().nullable().describe('Null for a vector store'),
    description: z.string(),
    metadata: z.record(z.string(), z.string()),
    language,
    embedding_model: z.string(),
    dimensions: z.int().nullable().describe('Null before the first document'),
    chunking: Chunking,
    vector_weight: z.number(),
    documents: z.int(),
    chunks: z.int(),
    bytes: z.int(),
    revision: z.int(),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .meta({ id: 'Collection' });

export const CollectionList: z.ZodObject<PageShape<typeof Collection>> = pageOf(Collection);

export const ReembedBody = z.strictObject({ model }).meta({ id: 'Reembed' });
