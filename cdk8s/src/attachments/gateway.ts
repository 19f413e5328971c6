import type { Context } from '../context.ts';
import { workloadUrl } from '../settings/workload-url.ts';
import type { Attachment } from './attachment.ts';
import { secretsFolder } from './attachment.ts';

/** What the gateway alone has: where each service is, the first credential, its limits. */
export function gatewayEnvironment(context: Context): Attachment {
  const { names, workloads, rateLimit, corsOrigins, ingress } = context.settings;
  const auth = workloads.find(({ entry }) => entry.name === 'auth');
  const folder = `${secretsFolder}/bootstrap`;
  return {
    env: {
      GATEWAY_ROUTES: JSON.stringify(routes(context)),
      ...(auth && { GATEWAY_AUTH_URL: workloadUrl(context.settings, auth.entry) }),
      GATEWAY_BOOTSTRAP_KEY_FILE: `${folder}/api-key`,
      GATEWAY_RATE_LIMIT_PER_SECOND: String(rateLimit.requestsPerSecond),
      GATEWAY_RATE_LIMIT_BURST: String(rateLimit.burst),
      // Without an ingress nothing stands before the gateway, and the header is whatever the client wrote.
      GATEWAY_TRUSTED_PROXY_HOPS: String(ingress ? (ingress.trustedProxyHops ?? 1) : 0),
      ...(corsOrigins.length > 0 && { GATEWAY_CORS_ORIGINS: corsOrigins.join(',') }),
    },
    mounts: [
      {
        name: 'bootstrap',
        path: folder,
        source: { kind: 'secret', name: names.bootstrapAdmin, items: { 'api-key': 'api-key' } },
      },
    ],
  };
}

function routes({ settings }: Context): object[] {
  return settings.workloads
    .filter(({ entry }) => entry.name !== 'gateway')
    .map(({ entry }) => ({
      service: entry.name,
      prefixes: entry.prefixes,
      ...(entry.publicPaths && { public: entry.publicPaths }),
      url: workloadUrl(settings, entry),
    }));
}
