import { createService } from '@genai-platform/common';
import type { ReadyCheck } from '@genai-platform/common';
import type { Express } from 'express';
import type { Deps } from './deps.ts';
import { chatRoutes } from './routes/chat.ts';
import { embeddingRoutes } from './routes/embeddings.ts';
import { modelRoutes } from './routes/models.ts';
import { routerRoutes } from './routes/router.ts';

/** Everything that the service does over HTTP. */
export function createApp(deps: Deps): Express {
  return createService({
    context: deps.context,
    title: 'LLM router',
    description: "OpenAI's API over configured providers and embedded models.",
    routes: [chatRoutes(deps), embeddingRoutes(deps), modelRoutes(deps), routerRoutes(deps)],
    ready: Object.fromEntries(deps.engines.map((engine) => [engine.model, readiness(engine)])),
  });
}

function readiness(engine: Deps['engines'][number]): ReadyCheck {
  return async () => {
    if (engine.problem !== undefined) throw new Error(engine.problem);
  };
}
