import { z } from 'zod';
import { DatabaseConfig, ProcessConfig } from '@genai-platform/common';

/** The environment of the job. The database's credentials are its administrator's. */
export const DatabaseSetupConfig = z.object({
  ...ProcessConfig.shape,
  ...DatabaseConfig.omit({ DATABASE_SCHEMA: true, DATABASE_POOL_MAX: true }).shape,
  /** The plan: extensions, schemas, owners and logins, as JSON. */
  DATABASE_SETUP_FILE: z.string().min(1),
  /** Holds a folder for each login role, with the file `password`. */
  DATABASE_LOGINS_DIR: z.string().min(1).default('/var/run/secrets/genaiplatform.io/logins'),
});
export type DatabaseSetupConfig = z.output<typeof DatabaseSetupConfig>;
