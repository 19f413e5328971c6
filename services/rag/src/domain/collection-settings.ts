import { LANGUAGES } from '@genai-platform/common/retrieval';
import type { Language } from '@genai-platform/common/retrieval';
import { z } from 'zod';

/** How documents are divided. */
export const Chunking = z
  .strictObject({
    max_characters: z
      .int()
      .min(200)
      .max(16_384)
      .default(1_600)
      .describe('The longest chunk; 4 characters are about a token'),
    overlap_characters: z.int().min(0).max(8_192).default(0).describe('How far a chunk repeats the one before it'),
  })
  .refine(({ max_characters: max, overlap_characters: overlap }) => overlap <= max / 2, {
    path: ['overlap_characters'],
    message: 'must not exceed half of max_characters',
  })
  .meta({ id: 'Chunking' });
export type Chunking = z.output<typeof Chunking>;

/** How a collection's documents are read and found: what is chosen once, when it is made. */
export const CollectionSettings = z.object({
  language: z.enum(LANGUAGES as [Language, ...Language[]]),
  /** Whose vectors are wanted: what is there is embedded anew when it changes. */
  embedding_model: z.string().min(1).max(256),
  chunking: Chunking,
  /** The vector leg's share of a hybrid score. */
  vector_weight: z.number().min(0).max(1),
});
export type CollectionSettings = z.output<typeof CollectionSettings>;

/** BM25's knobs as Anserini has them: good over many collections. Chunks differ little in length, so that b is low. */
export const BM25 = { k1: 0.9, b: 0.4 } as const;
