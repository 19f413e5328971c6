import { runService } from '@genai-platform/common';
import { createApp } from './app.ts';
import { NotesConfig } from './config.ts';
import { createDeps } from './deps.ts';

await runService({
  name: 'notes',
  config: NotesConfig,
  createDeps,
  createApp,
  migrations: new URL('./migrations', import.meta.url),
});
