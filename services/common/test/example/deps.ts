import { Postgres } from '@genai-platform/common';
import type { ServiceContext } from '@genai-platform/common';
import type { NotesConfig } from './config.ts';

export interface Deps {
  readonly context: ServiceContext;
  readonly database: Postgres;
  readonly maxPerTenant: number;
}

export function createDeps(config: NotesConfig, context: ServiceContext): Deps {
  const { name, log, metrics, lifecycle } = context;
  const database = new Postgres({ config, log, name, metrics });
  lifecycle.onClose('database', () => database.close());
  return { context, database, maxPerTenant: config.NOTES_MAX_PER_TENANT };
}
