import { createService } from '@genai-platform/common';
import type { Express } from 'express';
import type { Deps } from './deps.ts';
import { noteRoutes } from './routes/notes.ts';

export function createApp(deps: Deps): Express {
  return createService({
    context: deps.context,
    title: 'Notes',
    routes: [noteRoutes(deps)],
    ready: { database: (signal) => deps.database.ping(signal) },
  });
}
