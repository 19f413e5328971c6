import { z } from 'zod';

const MAX_FIELDS = 64;
const Scalar = z.union([z.string().max(1_024), z.number(), z.boolean()]);

/** Values by which documents are filtered. */
export const DocumentMetadata = z
  .record(z.string().min(1).max(64), z.union([Scalar, z.array(Scalar).max(64)]))
  .refine((metadata) => Object.keys(metadata).length <= MAX_FIELDS, `at most ${MAX_FIELDS} fields`)
  .meta({ id: 'DocumentMetadata', description: 'Up to 64 fields of texts, numbers, truths or lists of them' });

/** Principals that may see a document. */
export const Principals = z.array(z.string().min(1).max(256)).max(100);
