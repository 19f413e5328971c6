import { idempotencyTables, jobTables } from '@genai-platform/common';
import { createServiceDatabase } from '@genai-platform/common/testing';
import type { ServiceDatabase } from '@genai-platform/common/testing';

export type ConversionDatabase = ServiceDatabase;

/** A database as the platform sets it up for format-conversion. */
export function createConversionDatabase(): Promise<ConversionDatabase> {
  return createServiceDatabase({
    schema: 'format_conversion',
    migrations: new URL('../../migrations', import.meta.url),
    included: [idempotencyTables, jobTables],
    vector: false,
  });
}
