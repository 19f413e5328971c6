import { DatabaseConfig, ServiceConfig } from '@genai-platform/common';
import { z } from 'zod';

/** The environment of the service. */
export const NotesConfig = ServiceConfig.extend({
  ...DatabaseConfig.shape,
  NOTES_MAX_PER_TENANT: z.coerce.number().int().positive().default(1_000),
});
export type NotesConfig = z.output<typeof NotesConfig>;
