import { runService } from '@genai-platform/common';
import { createApp } from './app.ts';
import { SearchConfig } from './config.ts';
import { createDeps } from './deps.ts';

await runService({
  name: 'search',
  config: SearchConfig,
  createDeps,
  createApp,
  migrations: new URL('../migrations', import.meta.url),
});
