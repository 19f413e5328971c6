import { createService, erasureRoutes } from '@genai-platform/common';
import type { ReadyCheck } from '@genai-platform/common';
import type { Express } from 'express';
import type { Deps } from './deps.ts';
import { budgetRoutes } from './routes/budgets.ts';
import { chatRoutes } from './routes/chat.ts';
import { completionRoutes } from './routes/completions.ts';
import { embeddingRoutes } from './routes/embeddings.ts';
import { messageRoutes } from './routes/messages.ts';
import { modelRoutes } from './routes/models.ts';
import { rankingRoutes } from './routes/ranking.ts';
import { responseRoutes } from './routes/responses.ts';
import { routerRoutes } from './routes/router.ts';

/** Everything that the service does over HTTP. */
export function createApp(deps: Deps): Express {
  return createService({
    context: deps.context,
    title: 'LLM router',
    description: "OpenAI's API over configured providers and embedded models.",
    routes: [
      chatRoutes(deps),
      completionRoutes(deps),
      embeddingRoutes(deps),
      messageRoutes(deps),
      responseRoutes(deps),
      rankingRoutes(deps),
      modelRoutes(deps),
      routerRoutes(deps),
      budgetRoutes(deps),
      ...(deps.database === undefined ? [] : [erasureRoutes(erasersOf(deps))]),
    ],
    // The database is left out: while it is away most requests are answered all the same.
    ready: {
      ...Object.fromEntries(deps.engines.map((engine) => [engine.model, readiness(engine)])),
    },
  });
}

function erasersOf({ responses, quotas, semantic }: Deps): Parameters<typeof erasureRoutes>[0] {
  return {
    ...(responses && { responses: responses.erase }),
    ...(quotas && { quotas: quotas.ledger.erase, usage: quotas.usageStore.erase }),
    ...(semantic && { semantic_answers: semantic.erase }),
  };
}

function readiness(engine: Deps['engines'][number]): ReadyCheck {
  return async () => {
    if (engine.problem !== undefined) throw new Error(engine.problem);
  };
}
