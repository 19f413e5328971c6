import { createService } from '@genai-platform/common';
import type { Express } from 'express';
import type { Deps } from './deps.ts';
import { betaTokenRoutes } from './routes/beta-tokens.ts';
import { edgeRoutes } from './routes/edge.ts';
import { erasureRoutes } from './routes/erasures.ts';
import { insightRoutes } from './routes/insight.ts';
import { keyRoutes } from './routes/keys.ts';
import { recoveryRoutes } from './routes/recovery.ts';
import { secondFactorRoutes } from './routes/second-factor.ts';
import { sessionRoutes } from './routes/sessions.ts';
import { signInRoutes } from './routes/sign-in.ts';
import { tokenRoutes } from './routes/tokens.ts';
import { userRoutes } from './routes/users.ts';

/** Everything that the service does over HTTP. */
export function createApp(deps: Deps): Express {
  const { context, parts } = deps;
  const resources = [
    signInRoutes,
    sessionRoutes,
    recoveryRoutes,
    secondFactorRoutes,
    keyRoutes,
    tokenRoutes,
    betaTokenRoutes,
    userRoutes,
    erasureRoutes,
    insightRoutes,
    edgeRoutes,
  ];
  return createService({
    context,
    title: 'Auth',
    description: 'Accounts, sessions, tokens, API keys, beta tokens, audit log, erasure.',
    routes: resources.map((routes) => routes(deps)),
    ready: { database: (signal) => parts.database.ping(signal), 'signing keys': async () => void (await parts.signingKeys.current()) }, // prettier-ignore
  });
}
