import type { Express, RequestHandler } from 'express';
import { createService, describeApi } from '@genai-platform/common';
import { cors } from './cors.ts';
import type { Deps } from './deps.ts';
import { docsPage } from './docs/docs-page.ts';
import { PlatformOpenApi } from './openapi/platform-openapi.ts';
import type { OpenApiDocument } from './openapi/merge-openapi.ts';
import { proxyRequests } from './proxy/proxy-requests.ts';
import { publicFace } from './public-face.ts';
import { serviceRoutes } from './routes/services.ts';

const TITLE = 'GenAIPlatform';
const DESCRIPTION = 'Everything that the platform answers, through its gateway.';

/** Builds the gateway: what a service owns is passed on, the rest is the gateway's own. */
export function createApp(deps: Deps): Express {
  const routes = serviceRoutes(deps);
  return createService({
    context: deps.context,
    title: TITLE,
    description: DESCRIPTION,
    routes: [routes],
    before: [cors(deps.config.GATEWAY_CORS_ORIGINS), proxyRequests(deps), publicFace(deps.admission), docsPage()],
    openapi: platformDocument(deps, routes),
  });
}

/** The gateway's own document with those of all services; readable without a credential, as it holds no data. */
function platformDocument({ context, table }: Deps, routes: ReturnType<typeof serviceRoutes>): RequestHandler {
  const { version, clock, log } = context;
  const own = (): OpenApiDocument =>
    describeApi({ title: TITLE, version, description: DESCRIPTION, routes }) as OpenApiDocument;
  const platform = new PlatformOpenApi({ services: table.services, own, clock, log });
  return async (_req, res) => {
    res.json(await platform.document());
  };
}
