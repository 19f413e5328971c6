import { idempotencyTables, jobTables, runService } from '@genai-platform/common';
import { createApp } from './app.ts';
import { RagConfig } from './config.ts';
import { createDeps } from './deps.ts';

await runService({
  name: 'rag',
  config: RagConfig,
  createDeps,
  createApp,
  migrations: new URL('../migrations', import.meta.url),
  tables: [idempotencyTables, jobTables],
});
