import { availableParallelism } from 'node:os';
import { DatabaseConfig, ServiceConfig } from '@genai-platform/common';
import { z } from 'zod';

const MEBIBYTE = 1024 * 1024;
const count = z.coerce.number().int().min(1);

export const FormatConversionConfig = ServiceConfig.extend({
  ...DatabaseConfig.shape,
  /** Documents converted at the same time; each has a process of its own. */
  CONVERT_WORKERS: count.max(64).default(() => Math.min(availableParallelism(), 4)),
  /** Requests that may wait for a worker; further ones are answered 503. */
  CONVERT_QUEUE_MAX: z.coerce.number().int().min(0).default(32),
  /** How long one conversion may take. */
  CONVERT_DEADLINE_SECONDS: z.coerce.number().min(1).max(3_600).default(30),
  /** Resident memory that one worker may take; by default a share of the container's, at most 512 MiB. */
  CONVERT_WORKER_MEMORY_BYTES: count.min(64 * MEBIBYTE).optional(),
  /** Documents after which a worker is replaced by a fresh one. */
  CONVERT_RECYCLE_AFTER: count.default(50),
  /** The largest document, sent or fetched. */
  CONVERT_MAX_DOCUMENT_BYTES: count.default(50 * MEBIBYTE),
  /** The largest request with many documents. */
  CONVERT_MAX_BATCH_BYTES: count.default(100 * MEBIBYTE),
  /** Larger documents are answered 202 and converted as jobs. */
  CONVERT_ASYNC_BYTES: count.default(10 * MEBIBYTE),
  /** Pages, slides or sheets that are read of one document. */
  CONVERT_MAX_PAGES: count.default(2_000),
});
export type FormatConversionConfig = z.output<typeof FormatConversionConfig>;
