import { DatabaseConfig, ServiceConfig } from '@genai-platform/common';
import { z } from 'zod';

const bytes = z.coerce.number().int().min(0);
const MEBIBYTE = 1024 * 1024;

export const SearchConfig = ServiceConfig.extend({
  ...DatabaseConfig.shape,
  /** Memory for decoded dictionaries, lengths and columns; as much again for posting lists, and for vectors without pgvector. */
  SEARCH_CACHE_BYTES: bytes.default(48 * MEBIBYTE),
  /** The largest bulk request. It is held in memory several times over while it is indexed. */
  SEARCH_BULK_MAX_BYTES: bytes.min(1024).default(16 * MEBIBYTE),
});
export type SearchConfig = z.output<typeof SearchConfig>;
