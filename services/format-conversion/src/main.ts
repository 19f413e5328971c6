import { idempotencyTables, jobTables, runService } from '@genai-platform/common';
import { createApp } from './app.ts';
import { FormatConversionConfig } from './config.ts';
import { createDeps } from './deps.ts';

await runService({
  name: 'format-conversion',
  config: FormatConversionConfig,
  createDeps,
  createApp,
  migrations: new URL('../migrations', import.meta.url),
  tables: [idempotencyTables, jobTables],
  warmUp: ({ converter }) => converter.warmUp(),
});
