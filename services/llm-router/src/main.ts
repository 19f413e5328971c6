import { runService } from '@genai-platform/common';
import { createApp } from './app.ts';
import { LlmRouterConfig } from './config.ts';
import { createDeps } from './deps.ts';

await runService({
  name: 'llm-router',
  config: LlmRouterConfig,
  createDeps,
  createApp,
  migrations: new URL('../migrations', import.meta.url),
});
