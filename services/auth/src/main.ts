import { runService } from '@genai-platform/common';
import { createApp } from './app.ts';
import { AuthConfig } from './config.ts';
import { createDeps } from './deps.ts';

await runService({
  name: 'auth',
  config: AuthConfig,
  createDeps,
  createApp,
  migrations: new URL('../migrations', import.meta.url),
});
