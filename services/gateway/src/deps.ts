import { IdentitySigner, connectRedis, tokenAuthenticator } from '@genai-platform/common';
import type { ServiceContext } from '@genai-platform/common';
import { Admission } from './admission.ts';
import { followAccounts } from './auth/accounts.ts';
import { recogniser } from './auth/authenticator.ts';
import { BootstrapKey } from './auth/bootstrap-key.ts';
import type { GatewayConfig } from './config.ts';
import { RouteTable } from './domain/route-table.ts';
import { FallbackRateLimiter } from './limits/fallback-rate-limiter.ts';
import { LeasedRateLimiter } from './limits/leased-rate-limiter.ts';
import { LocalRateLimiter } from './limits/local-rate-limiter.ts';
import { RedisRateLimiter } from './limits/redis-rate-limiter.ts';
import { Forwarder } from './proxy/forwarder.ts';
import { WebSocketBridge } from './proxy/web-socket-bridge.ts';
import { HealthCatalogue } from './service-health.ts';

/** What the gateway works with. */
export interface Deps {
  readonly context: ServiceContext;
  readonly config: Pick<GatewayConfig, 'GATEWAY_CORS_ORIGINS'>;
  readonly table: RouteTable;
  readonly admission: Admission;
  readonly signer: IdentitySigner;
  readonly forwarder: Forwarder;
  readonly bridge: WebSocketBridge;
  readonly health: HealthCatalogue;
}

/** Opens what the gateway works with; nothing here waits for another process, so that it can start before all others. */
export function createDeps(config: GatewayConfig, serviceContext: ServiceContext): Deps {
  const { clock, log, metrics, lifecycle } = serviceContext;
  const redis = connectRedis({ config, log, name: serviceContext.name });
  lifecycle.onClose('cache', () => void redis.quit().catch(() => redis.disconnect()));
  const forwarder = new Forwarder({
    timeoutMs: config.GATEWAY_UPSTREAM_TIMEOUT_SECONDS * 1_000,
    maxBodyBytes: config.GATEWAY_MAX_BODY_BYTES,
    streamsEnd: lifecycle.streamsEnd,
  });
  lifecycle.onClose('connections to services', () => forwarder.close());
  const platformToken = tokenAuthenticator({ keyFile: config.IDENTITY_KEY_FILE, audience: serviceContext.name, clock });
  const accounts =
    config.GATEWAY_AUTH_URL === undefined
      ? undefined
      : followAccounts(config.GATEWAY_AUTH_URL, config.IDENTITY_KEY_FILE, serviceContext);
  const bootstrap = new BootstrapKey(config.GATEWAY_BOOTSTRAP_KEY_FILE, clock);
  const recognise = recogniser({ bootstrap, platformToken, accounts });
  const limiters = {
    shared: new LeasedRateLimiter(new RedisRateLimiter(redis), clock),
    local: new LocalRateLimiter(clock),
  };
  return {
    context: { ...serviceContext, authenticate: async (request) => (await recognise(request)).identity },
    config,
    table: new RouteTable(config.GATEWAY_ROUTES),
    admission: new Admission({
      recognise,
      meter: accounts?.meter,
      limiter: new FallbackRateLimiter(limiters, { log, metrics }),
      keyRate: { perSecond: config.GATEWAY_RATE_LIMIT_PER_SECOND, burst: config.GATEWAY_RATE_LIMIT_BURST },
      anonymousRate: {
        perSecond: config.GATEWAY_ANONYMOUS_RATE_LIMIT_PER_SECOND,
        burst: config.GATEWAY_ANONYMOUS_RATE_LIMIT_BURST,
      },
      trustedProxyHops: config.GATEWAY_TRUSTED_PROXY_HOPS,
    }),
    signer: new IdentitySigner(config.IDENTITY_KEY_FILE, clock),
    forwarder,
    bridge: new WebSocketBridge(lifecycle.stopping),
    health: new HealthCatalogue(config.GATEWAY_ROUTES, clock),
  };
}
